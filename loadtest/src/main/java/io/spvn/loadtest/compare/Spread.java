package io.spvn.loadtest.compare;

import java.util.Arrays;

/// A figure over all rounds.
record Spread(double min, double median, double max) {
    /// Of at least one value.
    static Spread of(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int half = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
        return new Spread(sorted[0], median, sorted[sorted.length - 1]);
    }
}
