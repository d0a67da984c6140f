package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StopTimesTest {
    @ParameterizedTest
    @CsvSource({"30000, 25000, 25500", "10000, 8000, 8500", "1000, 800, 850", "1, 0, 0"})
    void shares(long all, long requests, long connections) {
        StopTimes times = StopTimes.of(Duration.ofMillis(all));
        assertEquals(all, times.all().toMillis());
        assertEquals(requests, times.requests().toMillis());
        assertEquals(connections, times.connections().toMillis());
        assertTrue(times.connections().compareTo(times.all()) < 0);
    }

    @ParameterizedTest
    @CsvSource({"0, 10000", "4000, 6000", "10000, 0", "11000, 0"})
    void left(long gone, long left) {
        StopTimes times = StopTimes.of(Duration.ofSeconds(10));
        assertEquals(left, times.left(Duration.ofMillis(gone)).toMillis());
    }

    private static final long SECOND = 1_000_000_000;

    private final List<String> lines = new ArrayList<>();
    private List<String> things = List.of();
    private final StopReport report =
            new StopReport(Duration.ofSeconds(30), () -> things, lines::add);

    @Test
    void report_everyFiveSeconds_whileThereIsTime() {
        things = List.of("2 connections", "1 request");
        report.tick(SECOND);
        report.begin(SECOND);
        for (long now = SECOND; now < 60 * SECOND; now += SECOND / 20) {
            report.tick(now);
        }
        assertEquals(5, lines.size());
        assertEquals(
                "still stopping, for at most 25 s more: waiting for 2 connections, 1 request;"
                        + " a second SIGTERM or SIGINT ends the server at once",
                lines.getFirst());
        assertTrue(lines.getLast().contains("at most 5 s more"), lines.getLast());
    }

    @Test
    void report_aLateTickTellsOnce() {
        report.begin(0);
        report.tick(17 * SECOND);
        report.tick(18 * SECOND);
        assertEquals(1, lines.size());
        assertTrue(lines.getFirst().contains("waiting for nothing any more"), lines.getFirst());
    }

    @Test
    void counted() {
        assertEquals(List.of(), StopReport.counted(0, "request"));
        assertEquals(List.of("1 request"), StopReport.counted(1, "request"));
        assertEquals(List.of("2 requests"), StopReport.counted(2, "request"));
    }
}
