package io.spvn.loadtest.attack;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/// What happened to each request. Times are nanoseconds after the start of the attack. Used by the
/// event loop alone.
final class Measurements {
    private static final int CLASSES = 10;
    private static final int STATUSES = 1_000;

    private final Times[] latencyByClass = new Times[CLASSES];
    private final Times service = new Times();
    private final Times lag = new Times();
    private Times recent = new Times();
    private final Timeline timeline;
    private final long[] statuses = new long[STATUSES];
    private final Map<ErrorKind, Long> errors = new EnumMap<>(ErrorKind.class);
    private long errorCount;
    private long responseCount;
    private long bytesSent;
    private long bytesReceived;
    private long lastResponse;

    Measurements(Plan plan) {
        timeline = new Timeline(plan.duration(), plan.timeout());
        for (int i = 0; i < CLASSES; i++) {
            latencyByClass[i] = new Times();
        }
    }

    void due(long at) {
        timeline.due(at);
    }

    /// @param free when the connection that takes it had become free
    void begun(long due, long free, long at) {
        lag.add(at - Math.max(due, free));
    }

    void response(int status, long due, long begun, long ended) {
        statuses[status]++;
        responseCount++;
        latencyByClass[status / 100].add(ended - due);
        service.add(ended - begun);
        recent.add(ended - due);
        timeline.response(due, ended);
        lastResponse = Math.max(lastResponse, ended);
    }

    void error(ErrorKind kind, long at) {
        errors.merge(kind, 1L, Long::sum);
        errorCount++;
        timeline.error(at);
    }

    void bytesSent(long count) {
        bytesSent += count;
    }

    void bytesReceived(long count) {
        bytesReceived += count;
    }

    long errorCount() {
        return errorCount;
    }

    long responseCount() {
        return responseCount;
    }

    /// Latency since the last call.
    Times recent() {
        Times taken = recent;
        recent = new Times();
        return taken;
    }

    /// @param requests that were due or sent
    Run run(Plan plan, Ending ending, long requests) {
        Duration elapsed = ending.elapsed(lastResponse);
        return new Run(
                plan,
                ending.started(),
                elapsed,
                ending.stopped(),
                requests,
                statuses(),
                Collections.unmodifiableMap(new EnumMap<>(errors)),
                requests - responseCount - errorCount,
                bytesSent,
                bytesReceived,
                latency().distribution(),
                latencyByClass(),
                service.distribution(),
                lag.distribution(),
                timeline.intervals(),
                ending.cpu());
    }

    private Map<Integer, Long> statuses() {
        Map<Integer, Long> seen = new TreeMap<>();
        for (int status = 0; status < STATUSES; status++) {
            if (statuses[status] > 0) {
                seen.put(status, statuses[status]);
            }
        }
        return seen;
    }

    private Times latency() {
        Times all = new Times();
        for (Times times : latencyByClass) {
            all.add(times);
        }
        return all;
    }

    private Map<Integer, Distribution> latencyByClass() {
        Map<Integer, Distribution> seen = new TreeMap<>();
        for (int i = 0; i < CLASSES; i++) {
            Distribution distribution = latencyByClass[i].distribution();
            if (distribution.percentiles().count() > 0) {
                seen.put(i, distribution);
            }
        }
        return seen;
    }
}
