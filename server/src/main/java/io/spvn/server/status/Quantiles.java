package io.spvn.server.status;

import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How long the responses of a span of time took, in seconds.
///
/// @param count of responses
/// @param p50 half of them took at most so long; null without any
/// @param p90 nine of ten
/// @param p99 ninety-nine of a hundred
record Quantiles(long count, @Nullable Double p50, @Nullable Double p90, @Nullable Double p99) {
    private static final double MICROS = 1e6;

    /// Between two copies of all.
    static Quantiles between(Histogram before, Histogram after) {
        Histogram span = after.copy();
        span.subtract(before);
        long count = span.getTotalCount();
        return count == 0
                ? new Quantiles(0, null, null, null)
                : new Quantiles(count, at(span, 50), at(span, 90), at(span, 99));
    }

    private static double at(Histogram span, double percentile) {
        return span.getValueAtPercentile(percentile) / MICROS;
    }

    Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("count", count);
        tree.put("p50_seconds", p50);
        tree.put("p90_seconds", p90);
        tree.put("p99_seconds", p99);
        return tree;
    }
}
