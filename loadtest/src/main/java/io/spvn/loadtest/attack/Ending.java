package io.spvn.loadtest.attack;

import java.time.Duration;
import java.time.Instant;

/// The frame of an attack's figures.
///
/// @param started when the first request was due
/// @param stopped whether it was ended before its time
/// @param counted the time over which requests were due
/// @param cpu time that the generator took
record Ending(Instant started, boolean stopped, Duration counted, Duration cpu) {
    /// The time that rates are taken over.
    ///
    /// @param lastResponse when it ended, in nanoseconds after the start
    Duration elapsed(long lastResponse) {
        return Duration.ofNanos(Math.max(counted.toNanos(), lastResponse));
    }
}
