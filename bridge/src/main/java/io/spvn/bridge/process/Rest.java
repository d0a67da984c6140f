package io.spvn.bridge.process;

import java.util.function.LongSupplier;

/// For how long in all a child's loop has rested, in nanoseconds: what it said last, and since then
/// as it went before. The reader learns, any thread asks.
final class Rest implements LongSupplier {
    private record Known(long rested, long at, double share) {}

    private volatile Known known = new Known(0, System.nanoTime(), 0);

    void learn(long rested, long now) {
        Known before = known;
        double share = (rested - before.rested) / (double) Math.max(1, now - before.at);
        known = new Known(rested, now, Math.clamp(share, 0, 1));
    }

    @Override
    public long getAsLong() {
        Known last = known;
        return last.rested + Math.round((System.nanoTime() - last.at) * last.share);
    }
}
