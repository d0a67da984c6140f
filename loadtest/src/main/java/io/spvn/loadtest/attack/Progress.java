package io.spvn.loadtest.attack;

import java.time.Duration;

/// How an attack is getting on; made about once a second.
///
/// @param elapsed since the first request was due
/// @param total how long requests are due for
/// @param rate responses a second since the last report
/// @param p50Nanos latency since the last report, 0 if there was no response
/// @param p99Nanos likewise
/// @param errors so far
/// @param inFlight requests sent and not answered
/// @param waiting requests that are due and have no connection yet
public record Progress(
        Duration elapsed,
        Duration total,
        double rate,
        long p50Nanos,
        long p99Nanos,
        long errors,
        int inFlight,
        long waiting) {}
