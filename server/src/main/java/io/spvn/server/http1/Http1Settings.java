package io.spvn.server.http1;

import io.spvn.server.connection.Timeouts;

/// What HTTP/1.1 connections allow their clients.
///
/// @param timeouts how long they wait
/// @param maxLine bytes of a request line at most
/// @param maxHead bytes of a whole head, request line included, at most
/// @param maxFields header fields of a request at most
public record Http1Settings(Timeouts timeouts, int maxLine, int maxHead, int maxFields) {
    private static final int LINE = 16 * 1024;
    private static final int HEAD = 64 * 1024;
    private static final int FIELDS = 128;

    public Http1Settings(Timeouts timeouts) {
        this(timeouts, LINE, HEAD, FIELDS);
    }
}
