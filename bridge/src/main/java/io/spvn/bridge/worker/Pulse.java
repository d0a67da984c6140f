package io.spvn.bridge.worker;

/// A question to a worker's event loop, "are you there?", and how long its answers take.
///
/// The clock's thread asks, the worker answers by its next `take()`: that costs a busy worker one
/// read of a volatile field. There is one question at a time, and none after [#close]. Times are
/// those of [System#nanoTime].
public final class Pulse {
    /// From one question to the next, at least.
    static final long PERIOD_NANOS = 500_000_000;

    private long askedAt; // published by the write of `asked`
    private boolean everAsked; // the asking thread's own
    private volatile boolean asked;
    private volatile long lastLag;
    private volatile boolean closed;

    /// Nothing is asked.
    public Pulse() {}

    /// Clock: asks, when the last question was answered and it is time for another.
    ///
    /// @return whether there is a new question, for which a sleeping worker has to be woken
    boolean ask(long now) {
        if (closed || asked || (everAsked && now - askedAt < PERIOD_NANOS)) {
            return false;
        }
        everAsked = true;
        askedAt = now;
        asked = true;
        return true;
    }

    /// Whether a question waits for its answer.
    public boolean asked() {
        return asked;
    }

    /// Worker: answers what is [#asked].
    public void answer(long now) {
        lastLag = now - askedAt;
        asked = false;
    }

    /// Worker: answers for the last time; nothing is asked any more.
    public void close(long now) {
        if (asked) {
            answer(now);
        }
        closed = true;
    }

    /// For how long the present question has waited; 0 when none does. For any thread.
    long away(long now) {
        return asked && !closed ? Math.max(0, now - askedAt) : 0;
    }

    /// How long the last answer took or, if that is more, has been waited for. For any thread.
    long lag(long now) {
        return Math.max(lastLag, away(now));
    }

    /// How long the last answer took. For any thread.
    long lastLag() {
        return lastLag;
    }
}
