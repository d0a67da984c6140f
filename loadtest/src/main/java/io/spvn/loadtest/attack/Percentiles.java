package io.spvn.loadtest.attack;

import org.HdrHistogram.AbstractHistogram;

/// A few points of a distribution of times, in nanoseconds.
///
/// @param count of the times; all else is 0 when there are none
public record Percentiles(
        long count,
        long min,
        long mean,
        long p50,
        long p75,
        long p90,
        long p95,
        long p99,
        long p999,
        long p9999,
        long max) {
    static Percentiles of(AbstractHistogram times) {
        if (times.getTotalCount() == 0) {
            return new Percentiles(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        return new Percentiles(
                times.getTotalCount(),
                times.getMinValue(),
                (long) times.getMean(),
                times.getValueAtPercentile(50),
                times.getValueAtPercentile(75),
                times.getValueAtPercentile(90),
                times.getValueAtPercentile(95),
                times.getValueAtPercentile(99),
                times.getValueAtPercentile(99.9),
                times.getValueAtPercentile(99.99),
                times.getMaxValue());
    }
}
