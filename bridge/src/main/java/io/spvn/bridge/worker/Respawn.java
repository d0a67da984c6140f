package io.spvn.bridge.worker;

import java.time.Duration;

/// How soon another follows a worker that has ended by itself:
///
///     ends in a row   1         2        3        4        5 ...
///     another comes   at once   100 ms   200 ms   400 ms   ... 10 s
///
/// One that did its work for a while begins a new row. Of one place; for one thread. Times are
/// those of [System#nanoTime].
final class Respawn {
    /// A worker that has served for so long did its work.
    static final Duration STEADY = Duration.ofSeconds(5);

    /// One that has taken so many requests did, too: it is not the start that it dies of.
    static final long MANY_REQUESTS = 100;

    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private int inARow;
    private long due;

    /// The worker has ended, or the one that was to follow has failed to start.
    ///
    /// @param steady whether it did its work for a while
    void ended(long now, boolean steady) {
        inARow = steady ? 1 : inARow + 1;
        due = now + delay().toNanos();
    }

    /// How long another waits.
    Duration delay() {
        if (inARow < 2) {
            return Duration.ZERO;
        }
        Duration delay = FIRST.multipliedBy(1L << Math.min(inARow - 2, 10));
        return delay.compareTo(LONGEST) < 0 ? delay : LONGEST;
    }

    /// When another may come.
    long due() {
        return due;
    }
}
