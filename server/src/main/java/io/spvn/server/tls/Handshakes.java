package io.spvn.server.tls;

import io.spvn.server.connection.Protocol;
import java.util.Map;

/// What all handshakes share.
///
/// @param protocols by the names that ALPN has for them
/// @param otherwise what is spoken without it
record Handshakes(
        EngineFactory engines,
        ShownKeys keys,
        HandshakeWork work,
        HandshakeListener listener,
        Map<String, Protocol> protocols,
        Protocol otherwise) {
    /// @param name that ALPN agreed on, "" for none
    Protocol protocol(String name) {
        return protocols.getOrDefault(name, otherwise);
    }
}
