package io.spvn.server.tls;

import io.spvn.server.connection.Protocol;
import java.util.Map;

/// What all handshakes share.
///
/// @param protocols by the names that ALPN has for them; without it the first is spoken
record Handshakes(
        EngineFactory engines,
        ShownKeys keys,
        HandshakeWork work,
        HandshakeListener listener,
        Map<String, Protocol> protocols) {
    /// @param name that ALPN agreed on, "" for none
    Protocol protocol(String name) {
        Protocol named = protocols.get(name);
        return named == null ? protocols.values().iterator().next() : named;
    }
}
