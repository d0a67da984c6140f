package io.spvn.loadtest.attack;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// What an attack measured. Each request is in exactly one of `responses`, `errors` and
/// `unfinished`.
///
/// @param started when the first request was due
/// @param elapsed from then to the end of the last response, at least the planned duration unless
///   stopped early
/// @param stopped whether it was ended before its time
/// @param requests that were due (open loop) or sent (closed loop)
/// @param statuses responses by status code, ascending
/// @param errors requests without a response, by reason; reasons that did not happen are left out
/// @param unfinished requests given up because the attack ended
/// @param bytesSent of requests
/// @param bytesReceived of responses, heads included
/// @param latency of all responses, from when the request was due
/// @param latencyByClass the same for each class of status: 2 for 2xx ...
/// @param service of all responses, from when the request got its connection
/// @param lag of the generator itself: from when a request was due and a connection was free to
///   when it was sent
/// @param intervals in order, without gaps
/// @param generatorCpu CPU time that the generator's thread took
public record Run(
        Plan plan,
        Instant started,
        Duration elapsed,
        boolean stopped,
        long requests,
        Map<Integer, Long> statuses,
        Map<ErrorKind, Long> errors,
        long unfinished,
        long bytesSent,
        long bytesReceived,
        Distribution latency,
        Map<Integer, Distribution> latencyByClass,
        Distribution service,
        Distribution lag,
        List<Interval> intervals,
        Duration generatorCpu) {
    private static final long LATE_NANOS = Duration.ofMillis(1).toNanos();

    /// Responses of whatever status.
    public long responses() {
        return statuses.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Responses with a status from 200 to 299.
    public long successes() {
        return statuses.entrySet().stream()
                .filter(status -> status.getKey() / 100 == 2)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /// Requests without a response, for whatever reason.
    public long failures() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Whether the generator of an open loop was itself so late that its figures are in doubt.
    public boolean isLate() {
        return plan.load() instanceof Load.Open && lag.percentiles().p99() > LATE_NANOS;
    }

    /// Responses a second.
    public double rate() {
        return responses() / seconds();
    }

    /// Responses with a status from 200 to 299, a second.
    public double goodput() {
        return successes() / seconds();
    }

    /// Successes per request that was not given up, from 0 to 1.
    public double successRatio() {
        return successes() / (double) Math.max(1, requests - unfinished);
    }

    private double seconds() {
        return Math.max(1, elapsed.toNanos()) / 1e9;
    }
}
