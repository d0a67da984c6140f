package io.spvn.server;

import java.time.Duration;

/// How the graceful timeout is shared out. It is the whole of the stop: what is not used by one
/// step is left to the next.
///
/// @param all until the process ends, whatever the app does
/// @param requests until connections are broken off; the rest is for the end of the app's lifespan
/// @param connections until nobody waits for the threads of connections
record StopTimes(Duration all, Duration requests, Duration connections) {
    private static final Duration FOR_LIFESPAN = Duration.ofSeconds(5);
    private static final Duration FOR_CUTTING = Duration.ofMillis(500);

    /// What is left of all.
    ///
    /// @param gone since the stop began
    Duration left(Duration gone) {
        Duration left = all.minus(gone);
        return left.isNegative() ? Duration.ZERO : left;
    }

    static StopTimes of(Duration gracefulTimeout) {
        Duration forLifespan = lesser(FOR_LIFESPAN, gracefulTimeout.dividedBy(5));
        Duration requests = gracefulTimeout.minus(forLifespan);
        return new StopTimes(
                gracefulTimeout,
                requests,
                requests.plus(lesser(FOR_CUTTING, forLifespan.dividedBy(4))));
    }

    private static Duration lesser(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
