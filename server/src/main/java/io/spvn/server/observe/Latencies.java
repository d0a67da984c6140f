package io.spvn.server.observe;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;

/// How long responses took, to two digits. Any thread records, without locks and without new
/// objects; what it has of a span of time is the difference of two copies.
public final class Latencies {
    private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(1);
    private static final int DIGITS = 2;

    private final AtomicHistogram all = new AtomicHistogram(LONGEST_MICROS, DIGITS);

    Latencies() {}

    void record(long nanos) {
        all.recordValue(Math.clamp(TimeUnit.NANOSECONDS.toMicros(nanos), 0, LONGEST_MICROS));
    }

    /// All so far, in microseconds.
    public Histogram copy() {
        Histogram copy = new Histogram(LONGEST_MICROS, DIGITS);
        all.copyInto(copy);
        return copy;
    }
}
