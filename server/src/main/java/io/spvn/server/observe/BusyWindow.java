package io.spvn.server.observe;

import java.time.Duration;

/// How much of the recent past a worker was busy, whoever asks and how often: its share of the time
/// since the oldest of [#SAMPLES] samples. One thread samples, another asks.
final class BusyWindow {
    static final int SAMPLES = 10;

    private final long[] times = new long[SAMPLES];
    private final long[] busy = new long[SAMPLES];
    private int taken;

    /// Notes how long the worker has been busy in all. One that has been busy for less than before
    /// is another, in its place.
    synchronized void sample(long now, Duration busyInAll) {
        if (taken > 0 && busyInAll.toNanos() < busy[(taken - 1) % SAMPLES]) {
            taken = 0;
        }
        times[taken % SAMPLES] = now;
        busy[taken % SAMPLES] = busyInAll.toNanos();
        taken++;
    }

    /// The share, from 0 to 1; 0 without a sample.
    synchronized double ratio(long now, Duration busyInAll) {
        int oldest = taken < SAMPLES ? 0 : taken % SAMPLES;
        long elapsed = now - times[oldest];
        if (taken == 0 || elapsed <= 0) {
            return 0;
        }
        return Math.clamp((busyInAll.toNanos() - busy[oldest]) / (double) elapsed, 0.0, 1.0);
    }
}
