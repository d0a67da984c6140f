package io.spvn.loadtest.attack;

import org.HdrHistogram.Histogram;

/// A distribution of times in nanoseconds, exact to three digits from a tenth of a microsecond to
/// an hour.
final class Times {
    private static final long LEAST = 100;
    private static final long MOST = Plan.MAX_DURATION.toNanos();
    private static final int DIGITS = 3;

    private final Histogram histogram = new Histogram(LEAST, MOST, DIGITS);

    void add(long nanos) {
        histogram.recordValue(Math.clamp(nanos, 0, MOST));
    }

    void add(Times other) {
        histogram.add(other.histogram);
    }

    Percentiles percentiles() {
        return Percentiles.of(histogram);
    }

    Distribution distribution() {
        return Distribution.of(histogram);
    }
}
