package io.spvn.server.http1;

import java.time.Duration;

/// How much of a request that nobody wants any more is still read before the connection is closed.
final class Lingering {
    static final int BYTES = 1024 * 1024;
    static final Duration TIME = Duration.ofSeconds(2);

    private Lingering() {}
}
