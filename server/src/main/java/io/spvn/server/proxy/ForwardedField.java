package io.spvn.server.proxy;

/// A header in which a proxy tells of the client behind it.
public enum ForwardedField {
    /// `X-Forwarded-For`: the client's address, and those of the proxies between.
    FOR,
    /// `X-Forwarded-Proto`: whether the client uses encryption.
    PROTO,
    /// `X-Forwarded-Host`: the host that the client has asked for.
    HOST,
    /// `X-Forwarded-Prefix`: the path under which the proxy has the app.
    PREFIX,
    /// `Forwarded` (RFC 7239): address, encryption and host.
    FORWARDED
}
