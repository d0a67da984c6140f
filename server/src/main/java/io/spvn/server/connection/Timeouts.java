package io.spvn.server.connection;

import java.time.Duration;

/// How long a connection waits for its client.
///
/// @param header for the whole head of a request
/// @param body for the next piece of a body
/// @param write for the client to take the next piece of a response
/// @param keepAlive for the next request to begin
public record Timeouts(Duration header, Duration body, Duration write, Duration keepAlive) {}
