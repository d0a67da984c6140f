package io.spvn.server;

import io.spvn.server.observe.TlsMeters;
import io.spvn.server.tls.HandshakeListener;
import io.spvn.server.tls.TlsLayer;
import io.spvn.server.tls.TlsVersion;
import java.util.List;

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

    /// When the certificates that are shown at the moment expire.
    static List<TlsMeters.Expiry> expiries(TlsLayer tls) {
        return tls.expiries().stream()
                .map(each -> new TlsMeters.Expiry(each.name(), each.file(), each.at()))
                .toList();
    }
}
