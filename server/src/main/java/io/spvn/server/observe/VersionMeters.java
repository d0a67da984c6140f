package io.spvn.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Counts responses by version of HTTP, and the streams of HTTP/2. For any thread.
final class VersionMeters {
    private final Counter http10;
    private final Counter http11;
    private final Counter http2;
    private final LongAdder streams = new LongAdder();

    VersionMeters(MeterRegistry registry) {
        this.http10 = responses(registry, "1.0");
        this.http11 = responses(registry, "1.1");
        this.http2 = responses(registry, "2");
        Gauge.builder("spvn.http2.streams.active", streams, LongAdder::sum)
                .description("Streams of HTTP/2 that are open")
                .register(registry);
    }

    private static Counter responses(MeterRegistry registry, String version) {
        return Counter.builder("spvn.requests.by.version")
                .description("Responses written to their end, by version of HTTP")
                .tag("version", version)
                .register(registry);
    }

    void count(String version) {
        switch (version) {
            case "1.0" -> http10.increment();
            case "2" -> http2.increment();
            default -> http11.increment();
        }
    }

    Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("1.0", (long) http10.count());
        counts.put("1.1", (long) http11.count());
        counts.put("2", (long) http2.count());
        return counts;
    }

    void opened() {
        streams.increment();
    }

    void closed() {
        streams.decrement();
    }

    /// That are open.
    long streams() {
        return streams.sum();
    }
}
