package io.spvn.server.tls;

/// Told how handshakes end. Any thread; must not block.
public interface HandshakeListener {
    /// Nobody wants to know.
    HandshakeListener NONE =
            new HandshakeListener() {
                @Override
                public void agreed(TlsVersion version, boolean resumed) {}

                @Override
                public void failed(String reason) {}
            };

    /// Both sides are content.
    ///
    /// @param resumed whether by a session from before
    void agreed(TlsVersion version, boolean resumed);

    /// It has come to nothing.
    ///
    /// @param reason one of a few words
    void failed(String reason);
}
