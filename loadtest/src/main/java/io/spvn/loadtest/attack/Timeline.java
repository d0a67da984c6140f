package io.spvn.loadtest.attack;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.IntCountsHistogram;

/// An attack in slices of equal length. Latency counts in the slice in which the request was due,
/// so that a stall shows where it began; responses and errors count when they happen.
final class Timeline {
    private static final int SLICES = 100;
    private static final long LEAST_NANOS = Duration.ofMillis(100).toNanos();
    private static final long MOST_NANOS = Plan.MAX_DURATION.toNanos();
    private static final int DIGITS = 2;

    private static final class Slice {
        final IntCountsHistogram latency = new IntCountsHistogram(1_000, MOST_NANOS, DIGITS);
        long due;
        long responses;
        long errors;
    }

    private final long sliceNanos;
    private final int most;
    private final List<Slice> slices = new ArrayList<>();

    /// @param planned time during which requests are due
    /// @param after them, the time in which the last responses may come
    Timeline(Duration planned, Duration after) {
        sliceNanos = Math.max(LEAST_NANOS, planned.toNanos() / SLICES);
        most = (int) (planned.plus(after).toNanos() / sliceNanos) + 2;
    }

    void due(long nanos) {
        slice(nanos).due++;
    }

    void response(long dueNanos, long endNanos) {
        slice(dueNanos).latency.recordValue(Math.clamp(endNanos - dueNanos, 0, MOST_NANOS));
        slice(endNanos).responses++;
    }

    void error(long nanos) {
        slice(nanos).errors++;
    }

    private Slice slice(long nanos) {
        int index = Math.clamp(nanos / sliceNanos, 0, most - 1);
        while (slices.size() <= index) {
            slices.add(new Slice());
        }
        return slices.get(index);
    }

    List<Interval> intervals() {
        List<Interval> intervals = new ArrayList<>(slices.size());
        for (int i = 0; i < slices.size(); i++) {
            Slice slice = slices.get(i);
            intervals.add(
                    new Interval(
                            i * sliceNanos,
                            sliceNanos,
                            slice.due,
                            slice.responses,
                            slice.errors,
                            Percentiles.of(slice.latency)));
        }
        return intervals;
    }
}
