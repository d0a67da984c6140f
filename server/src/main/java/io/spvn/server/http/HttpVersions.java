package io.spvn.server.http;

/// Which versions of HTTP are spoken with clients.
public enum HttpVersions {
    /// What a client asks for: HTTP/2 where it is agreed on (ALPN), or begun with (its preface, in
    /// clear), else HTTP/1.1.
    AUTO,
    /// HTTP/1.1 and 1.0 alone.
    ONE,
    /// HTTP/2 alone.
    TWO;

    public boolean one() {
        return this != TWO;
    }

    public boolean two() {
        return this != ONE;
    }
}
