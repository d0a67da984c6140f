package io.spvn.bridge.process;

import java.util.function.LongSupplier;

/// How many requests a child may have ahead of those that it has begun.
///
/// With none it would wait for the next after each batch; with many, those behind a slow one would
/// wait though another worker is free. So it gets as many as it begins in [#SPAN_NANOS], going by
/// how it went of late, and at least one. One that has begun nothing for [#STALE_NANOS] is held up:
/// it gets no more than it has.
///
/// [#sending] is for who feeds, [#begun] for the reader of the child, [#allows] for any thread.
final class Lead {
    static final int MOST = 64;

    private static final long SPAN_NANOS = 1_000_000;
    private static final long STALE_NANOS = 2_000_000;
    private static final double WEIGHT = 0.2;

    private final LongSupplier clock;
    private volatile int limit = 1;
    private volatile long since; // that the child has begun something, or has something to begin
    private double nanosEach;

    /// @param clock nanoseconds, as of [System#nanoTime]
    Lead(LongSupplier clock) {
        this.clock = clock;
    }

    /// A request is about to be sent.
    ///
    /// @param ahead that the child has already
    void sending(int ahead) {
        if (ahead == 0) {
            since = clock.getAsLong();
        }
    }

    /// The child has begun some.
    void begun(int some) {
        if (some > 0) {
            long now = clock.getAsLong();
            double each = (double) (now - since) / some;
            nanosEach = nanosEach == 0 ? each : nanosEach + WEIGHT * (each - nanosEach);
            limit = Math.clamp(Math.round(SPAN_NANOS / nanosEach), 1, MOST);
            since = now;
        }
    }

    boolean allows(int ahead) {
        return ahead <= 0 || (ahead < limit && clock.getAsLong() - since < STALE_NANOS);
    }
}
