package io.spvn.bridge.asgi;

import java.util.Objects;

/// What the app is called with.
public sealed interface Scope {
    /// One HTTP request. `path` is percent-decoded but not yet text; `rawPath` and `query` are as
    /// received, without the question mark. The arrays belong to the scope and are never written
    /// to.
    @SuppressWarnings("ArrayRecordComponent") // bytes for Python; scopes are never compared
    record Http(
            String httpVersion,
            String method,
            byte[] path,
            byte[] rawPath,
            byte[] query,
            Headers headers,
            Peers peers)
            implements Scope {

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

    /// The conversation about start and stop that an app has once per worker.
    record Lifespan() implements Scope {}
}
