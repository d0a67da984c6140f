package io.spvn.loadtest.attack;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/// What an attack does.
///
/// @param duration during which requests are due
/// @param timeout from when a request is due to the end of its response
public record Plan(Target target, Request request, Load load, Duration duration, Duration timeout) {
    /// The longest attack.
    public static final Duration MAX_DURATION = Duration.ofHours(1);

    /// The most requests of an open loop.
    public static final long MAX_REQUESTS = 100_000_000;

    public Plan {
        checkTime("duration", duration, MAX_DURATION);
        checkTime("timeout", timeout, Duration.ofMinutes(5));
        if (load instanceof Load.Open(Pacer pacer, _)) {
            long requests = pacer.countWithin(duration);
            if (requests > MAX_REQUESTS) {
                throw new IllegalArgumentException(
                        String.format(
                                Locale.ROOT,
                                "rate and duration: at most %,d requests in all, not %,d",
                                MAX_REQUESTS,
                                requests));
            }
        }
    }

    private static void checkTime(String name, Duration time, Duration most) {
        if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + ": 1ms to " + most.toSeconds() + "s, not " + seconds(time) + "s");
        }
    }

    /// All digits, of whatever length of time.
    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.getSeconds())
                .add(BigDecimal.valueOf(time.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString();
    }
}
