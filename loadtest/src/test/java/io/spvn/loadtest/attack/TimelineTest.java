package io.spvn.loadtest.attack;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimelineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Timeline timeline = new Timeline(SECOND, SECOND);

    private static long ms(long millis) {
        return MILLISECONDS.toNanos(millis);
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "1000, 100", "10000, 100", "20000, 200", "3600000, 36000"})
    void slices_areATenthOfASecondOrAHundredthOfTheWhole(long planned, long slice) {
        Timeline any = new Timeline(Duration.ofMillis(planned), SECOND);
        any.due(0);
        assertEquals(ms(slice), any.intervals().getFirst().nanos());
    }

    @Test
    void latency_countsWhereTheRequestWasDue_responsesAndErrorsWhereTheyHappen() {
        timeline.due(ms(99));
        timeline.due(ms(100));
        timeline.response(ms(99), ms(350));
        timeline.error(ms(200));
        List<Interval> intervals = timeline.intervals();
        assertEquals(4, intervals.size());
        assertEquals(List.of(1L, 1L, 0L, 0L), intervals.stream().map(Interval::due).toList());
        assertEquals(List.of(0L, 0L, 0L, 1L), intervals.stream().map(Interval::responses).toList());
        assertEquals(List.of(0L, 0L, 1L, 0L), intervals.stream().map(Interval::errors).toList());
        assertEquals(1, intervals.get(0).latency().count());
        assertEquals(251, intervals.get(0).latency().max() / 1e6, 3);
        assertEquals(0, intervals.get(3).latency().count());
    }

    @Test
    void slices_areWithoutGaps() {
        timeline.error(ms(750));
        assertEquals(
                List.of(0L, 100L, 200L, 300L, 400L, 500L, 600L, 700L),
                timeline.intervals().stream().map(slice -> slice.fromNanos() / 1_000_000).toList());
    }

    @Test
    void times_outOfTheFrame_countInTheFirstAndTheLastSlice() {
        timeline.due(-1);
        timeline.response(ms(-5), ms(-10));
        timeline.error(Duration.ofDays(1).toNanos());
        timeline.error(Long.MAX_VALUE);
        List<Interval> intervals = timeline.intervals();
        assertEquals(22, intervals.size());
        assertEquals(1, intervals.getFirst().due());
        assertEquals(2, intervals.getLast().errors());
    }
}
