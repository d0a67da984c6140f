package io.spvn.server.http;

import io.spvn.bridge.asgi.Outbound;

/// What makes bytes of a response, in some version of HTTP. What it is given is written, or copied,
/// when a call returns.
public interface ResponseOutput {
    /// The head.
    ///
    /// @param knownLength bytes of the body when it is known before it, else -1
    void start(Outbound.ResponseStart start, long knownLength);

    /// A piece of the body.
    void body(Outbound.ResponseBody body);

    /// The client has all of the body, though the app may end it later.
    void contentEnds();
}
