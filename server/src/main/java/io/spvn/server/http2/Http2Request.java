package io.spvn.server.http2;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.server.proxy.Forwarding;

/// A request as its client has made it, who may be behind a proxy.
record Http2Request(Http2Head head, Scope.Http scope, Priority priority) {
    static Http2Request of(Http2Head head, Forwarding.Request seen) {
        return new Http2Request(
                head, head.scope(seen.peers(), seen.headers()), priority(head.headers()));
    }

    private static Priority priority(Headers headers) {
        int field = headers.find(Priority.FIELD, 0);
        return field < 0
                ? Priority.NONE
                : Priority.parse(
                        headers.block(), headers.valueStart(field), headers.valueEnd(field));
    }
}
