package io.spvn.loadtest.attack;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.HistogramIterationValue;

/// The whole shape of a distribution of times.
///
/// @param percentiles the points people quote
/// @param points from the least to the greatest, closer to each other towards the tail
public record Distribution(Percentiles percentiles, List<Point> points) {
    private static final int TICKS_PER_HALF_DISTANCE = 5;

    /// So many percent of the times were this long or shorter.
    public record Point(double percentile, long nanos) {}

    public Distribution {
        points = List.copyOf(points);
    }

    static Distribution of(AbstractHistogram times) {
        List<Point> points = new ArrayList<>();
        if (times.getTotalCount() > 0) {
            for (HistogramIterationValue value : times.percentiles(TICKS_PER_HALF_DISTANCE)) {
                points.add(
                        new Point(
                                value.getPercentileLevelIteratedTo(), value.getValueIteratedTo()));
            }
        }
        return new Distribution(Percentiles.of(times), points);
    }
}
