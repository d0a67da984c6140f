package io.spvn.bridge.worker;

/// For how long in all an event loop has been at work: all time but that in which it rested, which
/// is when it had nothing to run and slept until a timer or a descriptor woke it.
///
/// So it is wall-clock time: work on a CPU, blocking calls of the app and waiting for a CPU count,
/// awaiting does not. That is what saturates a loop, and what the loop's own wait can tell; CPU
/// time would call a loop idle that blocks in a database driver. Getting the GIL back after a rest
/// counts as rest, for the wait ends with it.
///
/// The worker writes, any thread reads. Times are those of [System#nanoTime].
final class Occupancy {
    private final long begun;

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

    /// Nanoseconds at work, up to `now`. For any thread.
    long busy(long now) {
        long seen = state;
        return seen >= 0 ? seen : Math.max(0, now - begun - ~seen);
    }
}
