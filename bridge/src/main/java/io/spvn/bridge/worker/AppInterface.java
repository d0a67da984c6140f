package io.spvn.bridge.worker;

/// How the app wants to be called.
public enum AppInterface {
    /// ASGI 3 or ASGI 2, found out from the app's signature.
    AUTO,
    /// `await app(scope, receive, send)`.
    ASGI3,
    /// `await app(scope)(receive, send)`.
    ASGI2,
    /// `app(environ, start_response)`.
    WSGI
}
