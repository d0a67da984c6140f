package io.spvn.bridge.asgi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who talks to whom and how: what a scope says of its connection. An end that is not known is
/// null.
public record Peers(String scheme, @Nullable Endpoint client, @Nullable Endpoint server) {
    public Peers {
        Objects.requireNonNull(scheme, "scheme is null");
    }
}
