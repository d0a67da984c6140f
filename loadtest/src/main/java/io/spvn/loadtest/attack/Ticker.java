package io.spvn.loadtest.attack;

/// The time since an attack began, in nanoseconds; negative before. Used by the event loop; the
/// metronome reads it.
final class Ticker {
    private volatile long start = System.nanoTime();

    void start() {
        start = System.nanoTime();
    }

    long nanos() {
        return System.nanoTime() - start;
    }
}
