package io.spvn.server.connection;

import java.time.Duration;

/// How long a connection waits for its client.
///
/// @param handshake for a TLS handshake, from when the client has connected
/// @param header for the whole head of a request
/// @param body for the next piece of a body
/// @param write for the client to take the next piece of a response
/// @param keepAlive for the next request to begin
public record Timeouts(
        Duration handshake, Duration header, Duration body, Duration write, Duration keepAlive) {
    public static final int DEFAULT_HANDSHAKE_SECONDS = 10;
    public static final int DEFAULT_HEADER_SECONDS = 10;
    public static final int DEFAULT_BODY_SECONDS = 30;
    public static final int DEFAULT_WRITE_SECONDS = 30;
    public static final int DEFAULT_KEEP_ALIVE_SECONDS = 75;

    public static final Timeouts DEFAULT =
            new Timeouts(
                    Duration.ofSeconds(DEFAULT_HANDSHAKE_SECONDS),
                    Duration.ofSeconds(DEFAULT_HEADER_SECONDS),
                    Duration.ofSeconds(DEFAULT_BODY_SECONDS),
                    Duration.ofSeconds(DEFAULT_WRITE_SECONDS),
                    Duration.ofSeconds(DEFAULT_KEEP_ALIVE_SECONDS));

    public Timeouts {
        requirePositive("handshake", handshake);
        requirePositive("header", header);
        requirePositive("body", body);
        requirePositive("write", write);
        requirePositive("keepAlive", keepAlive);
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be more than zero, not " + value);
        }
    }
}
