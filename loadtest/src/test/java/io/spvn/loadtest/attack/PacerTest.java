package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Refused.assertRefused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PacerTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

    @ParameterizedTest
    @CsvSource({
        "0.5, 0, 0",
        "0.5, 1, 2000000000",
        "0.5, 1800, 3600000000000",
        "1, 3600, 3600000000000",
        "3, 1, 333333333",
        "3, 3, 1000000000",
        "50, 1, 20000000",
        "49, 49, 1000000000",
        "5000, 1, 200000",
        "5000, 18000000, 3600000000000",
        "7000, 25200000, 3600000000000",
        "1000000, 1, 1000",
        "1000000, 3600000000, 3600000000000",
    })
    void constant_number_isDueAfterThatManyIntervals(double rate, long number, long due) {
        assertEquals(due, new Pacer.Constant(rate).dueNanos(number));
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 1, 1",
        "0.5, 2000, 1",
        "0.5, 2001, 2",
        "1, 999, 1",
        "1, 1000, 1",
        "1, 1001, 2",
        "50, 1000, 50",
        "50, 1001, 51",
        "50, 1020, 51",
        "50, 1021, 52",
        "5000, 10000, 50000",
        "1000000, 1, 1000",
        "0.001, 3600000, 4",
    })
    void constant_countWithin_leavesOutTheEnd(double rate, long millis, long count) {
        assertEquals(count, new Pacer.Constant(rate).countWithin(Duration.ofMillis(millis)));
    }

    @Test
    void constant_wholeRates_countExactlyForWholeSeconds() {
        for (int rate = 1; rate <= 10_000; rate++) {
            Pacer pacer = new Pacer.Constant(rate);
            for (int seconds : List.of(1, 7, 60, 3600)) {
                assertEquals((long) rate * seconds, pacer.countWithin(Duration.ofSeconds(seconds)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 3, 50, 333.3, 5000, 19_999.99, 1_000_000})
    void constant_afterAnHour_hasNotDrifted(double rate) {
        Pacer pacer = new Pacer.Constant(rate);
        long last = (long) (rate * 3600);
        assertEquals(last / rate, pacer.dueNanos(last) / 1e9, 2e-9);
        assertTrue(HOUR - pacer.dueNanos(last) <= 1e9 / rate);
    }

    @ParameterizedTest
    @CsvSource({
        // from, to, seconds, number, due in milliseconds
        "100, 5000, 10, 0, 0",
        "100, 5000, 10, 25500, 10000",
        "100, 300, 10, 2000, 10000",
        "100, 300, 10, 750, 5000",
        "300, 100, 10, 1250, 5000",
        "300, 100, 10, 2000, 10000",
        "10, 20, 7, 105, 7000",
    })
    void ramp_number_isDueWhenTheAreaHasGrownToIt(
            double from, double to, int seconds, long number, long millis) {
        Pacer pacer = new Pacer.Ramp(from, to, Duration.ofSeconds(seconds));
        assertEquals(millis / 1e3, pacer.dueNanos(number) / 1e9, 2e-9);
    }

    @ParameterizedTest
    @CsvSource({
        "100, 5000, 10, 25500",
        "5000, 100, 10, 25500",
        "100, 300, 10, 2000",
        "10, 20, 7, 105",
        "20, 10, 7, 105",
        "1, 1000000, 60, 30000030",
        "50000, 100, 60, 1503000",
        "0.1, 0.1, 100, 10",
    })
    void ramp_countWithin_isTheAreaUnderIt(double from, double to, int seconds, long area) {
        Duration over = Duration.ofSeconds(seconds);
        Pacer pacer = new Pacer.Ramp(from, to, over);
        assertEquals(area, pacer.countWithin(over));
        assertTrue(pacer.dueNanos(area) >= over.toNanos());
        assertTrue(pacer.dueNanos(area - 1) < over.toNanos());
    }

    @Test
    void ramp_countWithinMoreThanItTakes_isThatOfTheWholeRamp() {
        Pacer pacer = new Pacer.Ramp(100, 300, Duration.ofSeconds(10));
        assertEquals(2000, pacer.countWithin(Duration.ofSeconds(20)));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 1, 3, 50, 4999, 1_000_000})
    void ramp_fromAsTo_equalsConstant(double rate) {
        Pacer ramp = new Pacer.Ramp(rate, rate, Duration.ofSeconds(60));
        Pacer constant = new Pacer.Constant(rate);
        for (long number = 0; number < rate * 60; number += 1 + number / 100) {
            assertEquals(constant.dueNanos(number), ramp.dueNanos(number));
        }
        assertEquals(
                constant.countWithin(Duration.ofSeconds(60)),
                ramp.countWithin(Duration.ofSeconds(60)));
    }

    static Stream<Pacer> pacers() {
        Duration over = Duration.ofSeconds(10);
        return Stream.of(
                new Pacer.Constant(0.5),
                new Pacer.Constant(333.3),
                new Pacer.Constant(1_000_000),
                new Pacer.Ramp(1, 50_000, over),
                new Pacer.Ramp(50_000, 1, over),
                new Pacer.Ramp(0.001, 0.002, over),
                new Pacer.Ramp(1_000_000, 0.001, over));
    }

    @ParameterizedTest
    @MethodSource("pacers")
    void everyPacer_laterNumbers_areNeverDueEarlier(Pacer pacer) {
        assertEquals(0, pacer.dueNanos(0));
        long before = 0;
        for (long number = 1; number <= pacer.countWithin(Duration.ofSeconds(10)) + 5; number++) {
            long due = pacer.dueNanos(number);
            assertTrue(due >= before, "number " + number);
            before = due;
        }
    }

    @ParameterizedTest
    @MethodSource("pacers")
    void everyPacer_countWithin_isTheFirstNumberDueThenOrLater(Pacer pacer) {
        for (long nanos = 1; nanos <= 10_000_000_000L; nanos = nanos * 3 / 2 + 1) {
            long count = pacer.countWithin(Duration.ofNanos(nanos));
            assertTrue(pacer.dueNanos(count) >= nanos);
            assertTrue(count == 0 || pacer.dueNanos(count - 1) < nanos, count + " by " + nanos);
        }
    }

    @ParameterizedTest
    @ValueSource(
            doubles = {
                0,
                -0.0,
                -1,
                Double.NaN,
                1_000_000.1,
                Double.POSITIVE_INFINITY,
                Double.NEGATIVE_INFINITY
            })
    void rate_outOfBounds_isRefusedByName(double rate) {
        assertRefused("rate", () -> new Pacer.Constant(rate));
        assertRefused("from", () -> new Pacer.Ramp(rate, 1, Duration.ofSeconds(1)));
        assertRefused("to", () -> new Pacer.Ramp(1, rate, Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void ramp_withoutTime_isRefused(long nanos) {
        assertRefused("a ramp takes time", () -> new Pacer.Ramp(1, 2, Duration.ofNanos(nanos)));
    }

    @Test
    void refusal_inAnotherLocale_readsTheSame() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertRefused("at most 1,000,000 requests", () -> new Pacer.Constant(0));
            assertRefused("1 to 20,000", () -> new Load.Closed(0));
        } finally {
            Locale.setDefault(before);
        }
    }
}
