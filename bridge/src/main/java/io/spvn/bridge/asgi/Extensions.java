package io.spvn.bridge.asgi;

import java.util.List;

/// Which extensions of ASGI a scope offers, but for `tls`, which says something itself.
public final class Extensions {
    private static final List<String> OF_ANY_HTTP =
            List.of("http.response.pathsend", "http.response.zerocopysend");
    private static final List<String> OF_HTTP =
            List.of(
                    "http.response.pathsend",
                    "http.response.zerocopysend",
                    "http.response.early_hint",
                    "http.response.trailers");
    private static final List<String> OF_WEB_SOCKETS = List.of("websocket.http.response");

    private Extensions() {}

    /// By their names. HTTP/1.0 has neither interim responses nor chunks, behind which trailers
    /// stand.
    public static List<String> of(Scope.Request request) {
        return switch (request) {
            case Scope.Http http -> http.httpVersion().equals("1.0") ? OF_ANY_HTTP : OF_HTTP;
            case Scope.WebSocket _ -> OF_WEB_SOCKETS;
        };
    }
}
