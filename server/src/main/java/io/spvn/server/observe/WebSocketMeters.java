package io.spvn.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;

/// Counts WebSockets, their messages, and how they end. For any thread.
final class WebSocketMeters {
    private static final int FIRST = 1000;
    private static final int LAST_NAMED = 1015;

    private final MeterRegistry registry;
    private final LongAdder active = new LongAdder();
    private final Counter received;
    private final Counter sent;

    WebSocketMeters(MeterRegistry registry) {
        this.registry = registry;
        this.received = messages("received");
        this.sent = messages("sent");
        Gauge.builder("spvn.websockets.active", active, LongAdder::sum)
                .description("WebSockets that are open")
                .register(registry);
    }

    private Counter messages(String direction) {
        return Counter.builder("spvn.websocket.messages")
                .description("Messages of WebSockets")
                .tag("direction", direction)
                .register(registry);
    }

    /// That are open.
    long active() {
        return active.sum();
    }

    void opened() {
        active.increment();
    }

    /// Codes that apps and clients choose are counted together: there are thousands of them.
    void closed(int code) {
        active.decrement();
        String label = code >= FIRST && code <= LAST_NAMED ? Integer.toString(code) : "other";
        Counter.builder("spvn.websocket.closes")
                .description("WebSockets that ended, by the code of their close")
                .tag("code", label)
                .register(registry)
                .increment();
    }

    void received() {
        received.increment();
    }

    void sent() {
        sent.increment();
    }
}
