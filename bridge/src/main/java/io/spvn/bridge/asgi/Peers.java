package io.spvn.bridge.asgi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who talks to whom and how: what a scope says of its connection. An end that is not known is
/// null.
///
/// @param tls null without encryption
public record Peers(
        String scheme, @Nullable Endpoint client, @Nullable Endpoint server, @Nullable Tls tls) {
    public Peers {
        Objects.requireNonNull(scheme, "scheme is null");
    }

    /// Without encryption.
    public Peers(String scheme, @Nullable Endpoint client, @Nullable Endpoint server) {
        this(scheme, client, server, null);
    }
}
