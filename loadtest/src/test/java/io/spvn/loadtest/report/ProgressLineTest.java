package io.spvn.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.loadtest.attack.Progress;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private static Progress progress(long waiting) {
        return new Progress(
                Duration.ofMillis(3_004),
                Duration.ofSeconds(10),
                4_998.6,
                210_000,
                1_234_000_000,
                1_234,
                12,
                waiting);
    }

    @Test
    void line_saysRateTimesErrorsAndInFlight() {
        assertEquals(
                "  3/10s    4,999 req/s  p50 210 us  p99 1.23 s  in flight 12  errors 1,234",
                ProgressLine.of(progress(0)));
    }

    @Test
    void line_whileRequestsWait_saysHowMany() {
        assertEquals(
                "  3/10s    4,999 req/s  p50 210 us  p99 1.23 s  in flight 12 (+5,000 waiting)"
                        + "  errors 1,234",
                ProgressLine.of(progress(5_000)));
    }

    @Test
    void line_inWhateverLocale_readsTheSame() {
        assertEquals(
                Set.of(ProgressLine.of(progress(5_000))),
                Set.copyOf(Locales.everywhere(() -> ProgressLine.of(progress(5_000)))));
    }
}
