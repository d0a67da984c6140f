package io.spvn.bridge.asgi;

import java.util.List;
import java.util.Objects;

/// What the app is called with.
public sealed interface Scope {
    /// What a request of either kind has. `path` is percent-decoded but not yet text; `rawPath` and
    /// `query` are as received, without the question mark. The arrays belong to the scope and are
    /// never written to.
    sealed interface Request extends Scope {
        String httpVersion();

        byte[] path();

        byte[] rawPath();

        byte[] query();

        Headers headers();

        Peers peers();
    }

    /// One HTTP request.
    @SuppressWarnings("ArrayRecordComponent") // bytes for Python; scopes are never compared
    record Http(
            String httpVersion,
            String method,
            byte[] path,
            byte[] rawPath,
            byte[] query,
            Headers headers,
            Peers peers)
            implements Request {

        public Http {
            Objects.requireNonNull(httpVersion, "httpVersion is null");
            Objects.requireNonNull(method, "method is null");
            Objects.requireNonNull(path, "path is null");
            Objects.requireNonNull(rawPath, "rawPath is null");
            Objects.requireNonNull(query, "query is null");
            Objects.requireNonNull(headers, "headers is null");
            Objects.requireNonNull(peers, "peers is null");
        }
    }

    /// One WebSocket, from its handshake on.
    ///
    /// @param subprotocols that the client offers, in its order
    /// @param peers with the scheme of the connection, `http` or `https`
    @SuppressWarnings("ArrayRecordComponent") // bytes for Python; scopes are never compared
    record WebSocket(
            String httpVersion,
            byte[] path,
            byte[] rawPath,
            byte[] query,
            Headers headers,
            List<String> subprotocols,
            Peers peers)
            implements Request {

        public WebSocket {
            Objects.requireNonNull(httpVersion, "httpVersion is null");
            Objects.requireNonNull(path, "path is null");
            Objects.requireNonNull(rawPath, "rawPath is null");
            Objects.requireNonNull(query, "query is null");
            Objects.requireNonNull(headers, "headers is null");
            Objects.requireNonNull(peers, "peers is null");
            subprotocols = List.copyOf(subprotocols);
        }

        /// Without what nobody asks for any more once the app has taken the client.
        public WebSocket accepted() {
            return new WebSocket(
                    httpVersion, path, rawPath, new byte[0], Headers.EMPTY, List.of(), peers);
        }

        /// In the words of ASGI: `ws` or `wss`.
        public String scheme() {
            return peers.scheme().equals("https") ? "wss" : "ws";
        }
    }

    /// The conversation about start and stop that an app has once per worker.
    record Lifespan() implements Scope {}
}
