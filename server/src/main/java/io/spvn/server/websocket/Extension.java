package io.spvn.server.websocket;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An extension that a client offers (RFC 6455 9.1).
public record Extension(String name, List<Parameter> parameters) {
    public Extension {
        parameters = List.copyOf(parameters);
    }

    /// A parameter of it.
    ///
    /// @param value null when there is none
    public record Parameter(String name, @Nullable String value) {}
}
