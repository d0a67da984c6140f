package io.spvn.server.tracing;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/// The room for spans that wait to be sent, and those that are lost. For any thread, but for
/// [#tell].
final class Losses {
    private static final System.Logger LOG = System.getLogger(Tracing.class.getName());
    private static final long BETWEEN_WARNINGS = Duration.ofMinutes(1).toNanos();
    private static final String SLOW = "it is too slow for that many";

    private final long room;
    private final String endpoint;
    private final AtomicLong held = new AtomicLong();
    private final LongAdder lost = new LongAdder();
    private volatile String reason = SLOW;

    // Who ticks.
    private long told;
    private long toldAt = System.nanoTime() - BETWEEN_WARNINGS;

    /// @param endpoint for messages
    Losses(int room, String endpoint) {
        this.room = room;
        this.endpoint = endpoint;
    }

    /// Takes room for spans of one request; they are lost where there is none.
    boolean enter(int spans) {
        if (held.addAndGet(spans) <= room) {
            return true;
        }
        held.addAndGet(-spans);
        lost.add(spans);
        return false;
    }

    /// Spans have been sent.
    void sent(int spans) {
        held.addAndGet(-spans);
        reason = SLOW;
    }

    /// Spans could not be sent.
    void failed(int spans, String why) {
        reason = why;
        held.addAndGet(-spans);
        lost.add(spans);
    }

    /// What still waits will not be sent.
    void abandon() {
        lost.add(held.getAndSet(0));
    }

    /// Spans that were lost.
    long sum() {
        return lost.sum();
    }

    /// Logs what was lost since it was logged last, a line a minute.
    ///
    /// @param last whether this is the end
    void tell(boolean last) {
        long now = System.nanoTime();
        long all = sum();
        if (all > told && (last || now - toldAt >= BETWEEN_WARNINGS)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "spans lost because %s did not take them, %s: %d"
                            .formatted(endpoint, reason, all - told));
            told = all;
            toldAt = now;
        }
    }
}
