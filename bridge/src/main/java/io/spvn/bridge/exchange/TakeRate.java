package io.spvn.bridge.exchange;

import java.util.concurrent.atomic.LongAdder;

/// How fast a queue has been emptied of late, while it was never empty.
///
/// [#took] is for those who take; [#sample] for one thread that calls it from time to time; the
/// rate may be read by any.
final class TakeRate {
    /// The weight of the latest sample: ten of them make up nearly all of the rate.
    private static final double WEIGHT = 0.2;

    /// With fewer samples one span in which an app was held up would count for too much.
    private static final int ENOUGH = 5;

    private final LongAdder taken = new LongAdder();
    private long takenBefore;
    private int depthBefore;
    private long sampledAt;
    private double average;
    private int samples;

    /// What is known; 0 for nothing.
    private volatile double perNano;

    TakeRate(long now) {
        this.sampledAt = now;
    }

    void took() {
        taken.increment();
    }

    /// Notes what was taken since the last sample. A span in which nothing was taken says nothing
    /// of the rate: those who take were held up. Once the queue has been empty all that was known
    /// is forgotten: it was about other requests.
    ///
    /// @param depth of the queue at this moment
    void sample(long now, int depth) {
        long total = taken.sum();
        if (depth == 0 || depthBefore == 0) {
            samples = 0;
            perNano = 0;
        } else if (total > takenBefore) {
            add((double) (total - takenBefore) / Math.max(1, now - sampledAt));
        }
        takenBefore = total;
        depthBefore = depth;
        sampledAt = now;
    }

    private void add(double latest) {
        average = samples == 0 ? latest : average + WEIGHT * (latest - average);
        samples++;
        perNano = samples < ENOUGH ? 0 : average;
    }

    /// How many are taken in so long; as many as there can be when that is not known.
    double within(long nanos) {
        double rate = perNano;
        return rate == 0 ? Double.MAX_VALUE : rate * nanos;
    }
}
