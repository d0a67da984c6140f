package io.spvn.loadtest.compare;

import java.time.Duration;

/// An estimate of what is left: at first what was planned, later in the measure in which the plan
/// has come true.
final class TimeLeft {
    private static final double TRUSTED = 0.05;

    private final long startNanos;
    private final double plannedSeconds;
    private double doneSeconds;

    TimeLeft(long startNanos, double plannedSeconds) {
        this.startNanos = startNanos;
        this.plannedSeconds = plannedSeconds;
    }

    /// Something that was planned with this cost has been done, or turned out to be impossible.
    void done(double seconds) {
        doneSeconds += seconds;
    }

    Duration at(long nowNanos) {
        double elapsed = (nowNanos - startNanos) / 1e9;
        boolean trusted = doneSeconds > TRUSTED * plannedSeconds;
        double pace = trusted ? elapsed / doneSeconds : 1;
        return Duration.ofMillis((long) ((plannedSeconds - doneSeconds) * pace * 1e3));
    }

    /// For people.
    String text(long nowNanos) {
        long seconds = Math.max(0, at(nowNanos).toSeconds());
        return seconds < 90 ? seconds + " s left" : Math.round(seconds / 60.0) + " min left";
    }
}
