package io.spvn.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Counts responses by method and status. Any thread counts, at each response, so nothing is looked
/// up by name: a counter is made when it is first needed, and found by its place from then on.
final class RequestCounters {
    private static final List<String> METHODS =
            List.of(
                    "other", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE",
                    "PATCH");

    private static final int STATUSES = 1000;

    private final MeterRegistry registry;
    private final AtomicReferenceArray<@Nullable Counter> counters =
            new AtomicReferenceArray<>(METHODS.size() * STATUSES);

    RequestCounters(MeterRegistry registry) {
        this.registry = registry;
    }

    /// Responses so far whose status lies in that range.
    long sum(int from, int to) {
        double sum = 0;
        for (int row = 0; row < METHODS.size(); row++) {
            for (int column = from; column < to; column++) {
                Counter counter = counters.getAcquire(row * STATUSES + column);
                sum += counter == null ? 0 : counter.count();
            }
        }
        return Math.round(sum);
    }

    void count(String method, int status) {
        int row = row(method);
        int column = status >= 0 && status < STATUSES ? status : 0;
        Counter counter = counters.getAcquire(row * STATUSES + column);
        (counter != null ? counter : make(row, column)).increment();
    }

    /// Others than these get a row in common: clients invent what they like.
    private static int row(String method) {
        return switch (method) {
            case "GET" -> 1;
            case "HEAD" -> 2;
            case "POST" -> 3;
            case "PUT" -> 4;
            case "DELETE" -> 5;
            case "CONNECT" -> 6;
            case "OPTIONS" -> 7;
            case "TRACE" -> 8;
            case "PATCH" -> 9;
            default -> 0;
        };
    }

    /// The registry has one counter for each pair of labels, so it does no harm when two threads
    /// come here at the same time.
    private Counter make(int row, int column) {
        Counter counter =
                Counter.builder("spvn.requests")
                        .description("Responses written to their end")
                        .tag("method", METHODS.get(row))
                        .tag("status", Integer.toString(column))
                        .register(registry);
        counters.setRelease(row * STATUSES + column, counter);
        return counter;
    }
}
