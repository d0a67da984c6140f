package io.spvn.server.watch;

import java.time.Duration;

/// When changes that come one after the other are over: a save is several events, a checkout is
/// thousands. They are over once none has come for a while, and in any case after some more, since
/// there are files that never rest. For one thread; times are those of [System#nanoTime].
final class Lull {
    static final Duration QUIET = Duration.ofMillis(60);
    static final Duration AT_MOST = Duration.ofSeconds(1);

    private boolean begun;
    private long first;
    private long last;

    /// A change has come.
    void change(long now) {
        if (!begun) {
            begun = true;
            first = now;
        }
        last = now;
    }

    /// Whether changes have come that are not over.
    boolean begun() {
        return begun;
    }

    /// Nanoseconds until they are over; not more than 0 when they are.
    long left(long now) {
        return Math.min(last - now + QUIET.toNanos(), first - now + AT_MOST.toNanos());
    }

    /// Who asked knows of them.
    void end() {
        begun = false;
    }
}
