package io.spvn.loadtest.attack;

import java.time.Duration;
import java.util.Locale;

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

        /// The division comes last, so that rounding moves no request over the end of a second.
        @Override
        public long dueNanos(long number) {
            return (long) (number * 1e9 / rate);
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
            double grown = 2e9 * (to - from) * number / over.toNanos();
            double root = Math.sqrt(Math.max(0, from * from + grown));
            return (long) (2e9 * number / (from + root));
        }

        @Override
        public long countWithin(Duration duration) {
            long nanos = Math.min(duration.toNanos(), over.toNanos());
            double last = from + (to - from) * nanos / over.toNanos();
            return firstDueAt(this, nanos, (from + last) / 2 * nanos / 1e9);
        }
    }

    private static void checkRate(String name, double rate) {
        if (!(rate > 0 && rate <= MAX_RATE)) {
            throw new IllegalArgumentException(
                    String.format(
                            Locale.ROOT,
                            "%s: more than 0 and at most %,.0f requests a second, not %s",
                            name,
                            MAX_RATE,
                            rate));
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
