package io.spvn.bridge.worker;

import java.time.Duration;

/// The order to a worker to be at its end by a point in time. Given again it leaves less time, but
/// never more. For any thread.
public final class StopOrder {
    private volatile long by;
    private volatile boolean given;

    /// One that is not given yet.
    public StopOrder() {}

    /// Gives it.
    ///
    /// @param limit the time that is left for the end
    public synchronized void give(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        by = given && by - end < 0 ? by : end;
        given = true;
    }

    /// Whether it was given.
    public boolean given() {
        return given;
    }

    /// What is left of the time that it has set, zero when that is over.
    public Duration left() {
        return Duration.ofNanos(Math.max(0, by - System.nanoTime()));
    }

    /// Whether that time is over.
    public boolean overdue() {
        return given && System.nanoTime() - by > 0;
    }
}
