package io.spvn.bridge.worker;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// For how long in all an event loop has been at work: all time but that in which it rested, which
/// is when it had nothing to run and slept until a timer or a descriptor woke it.
///
/// So it is wall-clock time: work on a CPU, blocking calls of the app and waiting for a CPU count,
/// awaiting does not. That is what saturates a loop, and what the loop's own wait can tell; CPU
/// time would call a loop idle that blocks in a database driver. Getting the GIL back after a rest
/// counts as rest, for the wait ends with it.
///
/// A loop that cannot call [#rest] and [#goOn] may have a clock of its own instead ([#follow]).
///
/// The worker writes, any thread reads. Times are those of [System#nanoTime].
final class Occupancy {
    private final long begun;

    /// Tells how long the loop has rested, for as long as it is there; read and changed under the
    /// monitor, so that it is not read any more once it has gone.
    private volatile @Nullable LongSupplier clock;

    /// The time at work so far while the loop rests. While it works, the complement (`~`) of the
    /// time it had rested when it went on: one word, so that readers never see half a change.
    private volatile long state = ~0L;

    /// @param now when the worker begins, at work
    Occupancy(long now) {
        this.begun = now;
    }

    /// Worker: the loop is about to sleep.
    void rest(long now) {
        state = busy(now);
    }

    /// Worker: the loop was woken.
    void goOn(long now) {
        if (state >= 0) {
            state = ~Math.max(0, now - begun - state);
        }
    }

    /// Worker: from now on `rested` tells for how long in all the loop has rested.
    synchronized void follow(LongSupplier rested) {
        clock = rested;
    }

    /// Worker: the clock is about to go; the loop rests for good.
    synchronized void unfollow(long now) {
        state = busy(now);
        clock = null;
    }

    /// Nanoseconds at work, up to `now`. For any thread.
    long busy(long now) {
        return clock == null ? busyByState(now) : busyByClock(now);
    }

    private synchronized long busyByClock(long now) {
        LongSupplier rested = clock;
        return rested == null ? busyByState(now) : Math.max(0, now - begun - rested.getAsLong());
    }

    private long busyByState(long now) {
        long seen = state;
        return seen >= 0 ? seen : Math.max(0, now - begun - ~seen);
    }
}
