package io.spvn.server;

import io.spvn.server.observe.TlsMeters;
import io.spvn.server.tls.HandshakeListener;
import io.spvn.server.tls.TlsVersion;

/// Handshakes as they are counted.
record HandshakeCounts(TlsMeters meters) implements HandshakeListener {
    @Override
    public void agreed(TlsVersion version, boolean resumed) {
        meters.count(resumed ? "resumed" : "full", version.toString(), "");
    }

    @Override
    public void failed(String reason) {
        meters.count("failed", "", reason);
    }
}
