package io.spvn.bridge.asgi;

import java.util.Objects;

/// One end of a connection: an address without brackets or zone, and its port. Port -1 is a Unix
/// socket, whose path is the host.
public record Endpoint(String host, int port) {
    public Endpoint {
        Objects.requireNonNull(host, "host is null");
        if (port < -1 || port > 0xFFFF) {
            throw new IllegalArgumentException("port is out of range: " + port);
        }
    }
}
