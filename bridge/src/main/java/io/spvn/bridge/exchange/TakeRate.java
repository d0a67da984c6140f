package io.spvn.bridge.exchange;

import java.util.concurrent.atomic.LongAdder;

/// How fast a queue has been emptied of late, while it was never empty.
///
/// [#took] is for those who take; [#sample] for one thread that calls it from time to time; the
/// rate may be read by any.
final class TakeRate {
    /// The weight of the latest sample: ten of them make up nearly all of the rate.
    private static final double WEIGHT = 0.2;

    private final LongAdder taken = new LongAdder();
    private long takenBefore;
    private int depthBefore;
    private long sampledAt;
    private volatile double perNano;

    TakeRate(long now) {
        this.sampledAt = now;
    }

    void took() {
        taken.increment();
    }

    /// Notes what was taken since the last sample. A span in which nothing was taken says nothing
    /// of the rate: those who take were held up. One in which the queue was empty says how fast it
    /// is at least.
    ///
    /// @param depth of the queue at this moment
    void sample(long now, int depth) {
        long total = taken.sum();
        long count = total - takenBefore;
        double latest = (double) count / Math.max(1, now - sampledAt);
        boolean busy = depth > 0 && depthBefore > 0;
        if (count > 0 && (busy || latest > perNano)) {
            perNano = perNano == 0 ? latest : perNano + WEIGHT * (latest - perNano);
        }
        takenBefore = total;
        depthBefore = depth;
        sampledAt = now;
    }

    /// How many are taken in so long; as many as there can be when that is not known yet.
    double within(long nanos) {
        double rate = perNano;
        return rate == 0 ? Double.MAX_VALUE : rate * nanos;
    }
}
