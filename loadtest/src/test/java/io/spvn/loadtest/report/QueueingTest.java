package io.spvn.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Interval;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Run;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QueueingTest {
    private static final long MS = 1_000_000;
    private static final Load OPEN = new Load.Open(new Pacer.Constant(1_000), 64);

    /// Times around a step; p50 is three of them, p99 seven.
    private static Run run(Load load, long latency, long service, long lag) {
        return Runs.measured(load, Map.of(), times(latency), times(service), times(lag), List.of());
    }

    private static Distribution times(long step) {
        return Runs.times(1_000, step);
    }

    /// The median of each slice of a second.
    private static Run growing(long... medians) {
        List<Interval> slices =
                IntStream.range(0, medians.length)
                        .mapToObj(
                                i ->
                                        new Interval(
                                                i * 1_000L * MS,
                                                1_000 * MS,
                                                10,
                                                10,
                                                0,
                                                times(medians[i] * MS / 3).percentiles()))
                        .toList();
        Distribution all = times(100 * MS);
        return Runs.measured(OPEN, Map.of(), all, all, times(10), slices);
    }

    @Test
    void connections_thatAreTooFew_areTheLimit() {
        assertEquals(
                Optional.of(
                        new Note(
                                "Requests waited for one of the 64 connections.",
                                "At 100 ms of service (mean; p50 is 150 ms) they allow 640 requests"
                                        + " a second; --connections gives more, if the server can"
                                        + " do more.")),
                Queueing.of(run(OPEN, 500 * MS, 50 * MS, 10)));
    }

    @Test
    void connections_thatWouldDo_leaveTheServer() {
        Note note = Queueing.of(run(OPEN, 500 * MS, MS / 10, 10)).orElseThrow();
        assertEquals(
                "At 200 us of service (mean; p50 is 300 us) they allow 320,000 requests a second,"
                        + " more than were due: the server was slow for a time.",
                note.more());
    }

    @Test
    void ramp_isJudgedByItsHighestRate() {
        Load falling = new Load.Open(new Pacer.Ramp(1_000, 1, Duration.ofSeconds(10)), 64);
        Note note = Queueing.of(run(falling, 500 * MS, 50 * MS, 10)).orElseThrow();
        assertTrue(note.more().contains("--connections"), note.more());
    }

    @Test
    void wait_isNoneIfItIsShortOrTheGeneratorsOwn() {
        assertEquals(Optional.empty(), Queueing.of(run(OPEN, MS / 10, MS / 100, 10)));
        assertEquals(Optional.empty(), Queueing.of(run(OPEN, 70 * MS, 50 * MS, 10)));
        assertEquals(Optional.empty(), Queueing.of(run(OPEN, 60 * MS, 10 * MS, 50 * MS)));
    }

    @Test
    void unsent_isAWait() {
        Run some =
                Runs.measured(
                        OPEN,
                        Map.of(ErrorKind.UNSENT, 1L),
                        times(MS),
                        times(MS),
                        times(10),
                        List.of());
        assertTrue(Queueing.of(some).isPresent());
        assertEquals(
                "None of them had a response.", Queueing.of(Runs.silent()).orElseThrow().more());
    }

    @Test
    void closedLoop_hasNoneThatWait() {
        assertEquals(Optional.empty(), Queueing.of(run(Runs.CLOSED, 500 * MS, 50 * MS, 10)));
    }

    @Test
    void latencyThatGrows_withoutAWait_isTheServers() {
        assertEquals(
                Optional.of(
                        new Note(
                                "The server did not keep up.",
                                "Half of the requests took 300 ms and more at the start, and"
                                        + " 3.60 s at the end.")),
                Queueing.of(growing(300, 300, 900, 1_800, 2_400, 3_000, 3_600, 3_300)));
    }

    @Test
    void lateResponse_isNoTrend() {
        assertEquals(
                Optional.empty(), Queueing.of(growing(3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 9_000)));
        assertEquals(Optional.empty(), Queueing.of(growing(900)));
    }

    @Test
    void bothReports_sayIt() {
        Run waiting = run(OPEN, 500 * MS, 50 * MS, 10);
        assertTrue(
                RunText.of(waiting)
                        .endsWith(
                                """

                                Requests waited for one of the 64 connections.
                                At 100 ms of service (mean; p50 is 150 ms) they allow 640 requests a second; \
                                --connections gives more, if the server can do more.
                                """),
                RunText.of(waiting));
        Note note = Queueing.of(waiting).orElseThrow();
        assertEquals(
                List.of(Map.of("what", note.what(), "more", note.more())),
                RunJson.of(waiting).get("notes"));
        assertEquals(List.of(), RunJson.of(Runs.good(OPEN)).get("notes"));
    }
}
