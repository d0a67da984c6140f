package io.spvn.loadtest.attack;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;

/// When each request of an open loop is due. Pure: it knows neither a clock nor a socket.
public sealed interface Pacer {
    /// The most requests a second.
    double MAX_RATE = 1_000_000;

    /// When a request is due.
    ///
    /// @param number of the request, from 0
    /// @return nanoseconds after the start; never less than for the request before
    long dueNanos(long number);

    /// How many requests are due within a time.
    ///
    /// @return the number of the first request that is due at `duration` or later
    long countWithin(Duration duration);

    /// The same number of requests each second.
    ///
    /// @param rate requests a second
    record Constant(double rate) implements Pacer {
        public Constant {
            checkRate("rate", rate);
        }

        @Override
        public long dueNanos(long number) {
            return (long) (number * (SECONDS.toNanos(1) / rate));
        }

        @Override
        public long countWithin(Duration duration) {
            return firstDueAt(this, duration.toNanos(), duration.toNanos() / 1e9 * rate);
        }
    }

    /// A rate that grows, or falls, evenly.
    ///
    /// @param from requests a second at the start
    /// @param to requests a second at the end
    /// @param over from start to end
    record Ramp(double from, double to, Duration over) implements Pacer {
        public Ramp {
            checkRate("from", from);
            checkRate("to", to);
            if (over.isNegative() || over.isZero()) {
                throw new IllegalArgumentException("a ramp takes time, not " + over);
            }
        }

        /// The time at which the area under the line of the rate has grown to `number`.
        @Override
        public long dueNanos(long number) {
            double slope = (to - from) / (over.toNanos() / 1e9);
            double root = Math.sqrt(Math.max(0, from * from + 2 * slope * number));
            return (long) (2.0 * number / (from + root) * 1e9);
        }

        @Override
        public long countWithin(Duration duration) {
            double seconds = Math.min(duration.toNanos(), over.toNanos()) / 1e9;
            double slope = (to - from) / (over.toNanos() / 1e9);
            double guess = from * seconds + slope * seconds * seconds / 2;
            return firstDueAt(this, (long) (seconds * 1e9), guess);
        }
    }

    private static void checkRate(String name, double rate) {
        if (!(rate > 0 && rate <= MAX_RATE)) {
            throw new IllegalArgumentException(
                    "%s: more than 0 and at most %,.0f requests a second, not %s"
                            .formatted(name, MAX_RATE, rate));
        }
    }

    /// From a guess that rounding may have put one or two beside the answer.
    private static long firstDueAt(Pacer pacer, long nanos, double guess) {
        long number = Math.max(0, (long) guess - 2);
        while (pacer.dueNanos(number) < nanos) {
            number++;
        }
        return number;
    }
}
