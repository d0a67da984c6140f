package io.spvn.bridge.asgi;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who talks to whom and how: what a scope says of its connection, or of that to the proxy in front
/// of it. An end that is not known is null.
///
/// @param tls null without encryption
/// @param prefix path under which the proxy has the app, without a slash at its end; "" for none
public record Peers(
        String scheme,
        @Nullable Endpoint client,
        @Nullable Endpoint server,
        @Nullable Tls tls,
        String prefix) {
    public Peers {
        Objects.requireNonNull(scheme, "scheme is null");
        Objects.requireNonNull(prefix, "prefix is null");
    }

    /// Without a proxy that has the app under a path.
    public Peers(
            String scheme,
            @Nullable Endpoint client,
            @Nullable Endpoint server,
            @Nullable Tls tls) {
        this(scheme, client, server, tls, "");
    }

    /// Without encryption.
    public Peers(String scheme, @Nullable Endpoint client, @Nullable Endpoint server) {
        this(scheme, client, server, null);
    }
}
