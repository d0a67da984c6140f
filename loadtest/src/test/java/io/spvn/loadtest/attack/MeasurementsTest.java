package io.spvn.loadtest.attack;

import static java.util.Objects.requireNonNull;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// 10 requests a second for a second.
class MeasurementsTest {
    private final Plan plan =
            Plans.plan(Plans.open(10, 2), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private final Measurements measurements = new Measurements(plan);

    private static long ms(double millis) {
        return (long) (millis * MILLISECONDS.toNanos(1));
    }

    private Run run(long requests) {
        Ending ending = new Ending(Instant.EPOCH, false, plan.duration(), Duration.ofMillis(3));
        return measurements.run(plan, ending, requests);
    }

    /// Within what three digits can say.
    private static void assertTime(double millis, long nanos) {
        assertEquals(millis, nanos / 1e6, millis / 1_000 + 1e-4);
    }

    private void answered(int status, double due, double begun, double ended) {
        measurements.due(ms(due));
        measurements.begun(ms(due), 0, ms(begun));
        measurements.response(status, ms(due), ms(begun), ms(ended));
    }

    @Test
    void response_latencyRunsFromDueAndServiceFromBegun() {
        answered(200, 100, 400, 450);
        Run run = Plans.addsUp(run(1));
        assertTime(350, run.latency().percentiles().p50());
        assertTime(50, run.service().percentiles().max());
        assertTime(300, run.lag().percentiles().max());
    }

    @Test
    void lag_countsFromWhenBothTheDueAndTheConnectionWereThere() {
        measurements.begun(ms(100), ms(300), ms(301));
        assertTime(1, run(0).lag().percentiles().max());
        measurements.begun(ms(300), ms(100), ms(302));
        assertTime(2, run(0).lag().percentiles().max());
        measurements.begun(ms(300), ms(400), ms(350));
        assertEquals(0, run(0).lag().percentiles().min());
    }

    @Test
    void responses_ofAllClasses_countInTheWholeAndInTheirOwn() {
        answered(200, 0, 0, 10);
        answered(204, 0, 0, 20);
        answered(503, 0, 0, 800);
        answered(999, 0, 0, 1);
        Run run = Plans.addsUp(run(4));
        assertEquals(Map.of(200, 1L, 204, 1L, 503, 1L, 999, 1L), run.statuses());
        assertEquals(List.of(2, 5, 9), List.copyOf(run.latencyByClass().keySet()));
        assertEquals(2, run.successes());
        assertEquals(0.5, run.successRatio());
        assertTime(800, requireNonNull(run.latencyByClass().get(5)).percentiles().max());
        assertTime(20, requireNonNull(run.latencyByClass().get(2)).percentiles().max());
        assertTime(800, run.latency().percentiles().max());
    }

    @Test
    void errors_areNoResponsesAndInNoPercentile() {
        answered(200, 0, 0, 10);
        measurements.due(ms(100));
        measurements.error(ErrorKind.TIMEOUT, ms(1_100));
        measurements.due(ms(200));
        measurements.error(ErrorKind.RESET, ms(201));
        measurements.due(ms(300));
        Run run = Plans.addsUp(run(4));
        assertEquals(1, run.responses());
        assertEquals(2, run.failures());
        assertEquals(1, run.unfinished());
        assertEquals(Map.of(ErrorKind.TIMEOUT, 1L, ErrorKind.RESET, 1L), run.errors());
        assertEquals(1.0 / 3, run.successRatio(), 1e-9);
        assertTime(10, run.latency().percentiles().max());
    }

    @Test
    void rates_areTakenOverThePlannedTimeOrUntilTheLastResponse() {
        answered(200, 0, 0, 10);
        assertEquals(Duration.ofSeconds(1), run(1).elapsed());
        assertEquals(1.0, run(1).rate());
        answered(500, 900, 900, 2_000);
        assertEquals(Duration.ofSeconds(2), run(2).elapsed());
        assertEquals(1.0, run(2).rate());
        assertEquals(0.5, run(2).goodput());
    }

    @Test
    void nothing_measured_isZeroEverywhere() {
        Run run = Plans.addsUp(run(0));
        assertEquals(new Percentiles(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), run.latency().percentiles());
        assertEquals(List.of(), run.latency().points());
        assertEquals(Map.of(), run.latencyByClass());
        assertEquals(0.0, run.rate());
        assertEquals(0.0, run.successRatio());
        assertEquals(Duration.ofMillis(3), run.generatorCpu());
    }

    @Test
    void recent_startsAnewWithEachCall() {
        answered(200, 0, 0, 10);
        assertTime(10, measurements.recent().percentiles().p50());
        assertEquals(0, measurements.recent().percentiles().count());
        answered(200, 0, 0, 30);
        assertTime(30, measurements.recent().percentiles().p99());
        assertEquals(2, measurements.responseCount());
    }

    @Test
    void percentiles_ofAThousandTimes_areThoseOfTheList() {
        for (int i = 1; i <= 1_000; i++) {
            answered(200, 0, 0, i);
        }
        Percentiles times = run(1_000).latency().percentiles();
        assertEquals(1_000, times.count());
        assertTime(1, times.min());
        assertTime(500.5, times.mean());
        assertTime(500, times.p50());
        assertTime(750, times.p75());
        assertTime(900, times.p90());
        assertTime(950, times.p95());
        assertTime(990, times.p99());
        assertTime(999, times.p999());
        assertTime(1_000, times.p9999());
        assertTime(1_000, times.max());
    }

    @Test
    void distribution_points_riseToTheGreatest() {
        for (int i = 1; i <= 1_000; i++) {
            answered(200, 0, 0, i);
        }
        List<Distribution.Point> points = run(1_000).latency().points();
        for (int i = 1; i < points.size(); i++) {
            assertTrue(points.get(i).percentile() >= points.get(i - 1).percentile());
            assertTrue(points.get(i).nanos() >= points.get(i - 1).nanos());
        }
        assertEquals(100.0, points.getLast().percentile());
        assertTime(1_000, points.getLast().nanos());
    }

    @Test
    void times_beyondAnHour_areKeptAsAnHour() {
        answered(200, 0, 0, 3 * 3_600_000);
        Run run = Plans.addsUp(run(1));
        assertTime(3_600_000, run.latency().percentiles().max());
    }

    @Test
    void bytes_areAddedUp() {
        measurements.bytesSent(1L << 40);
        measurements.bytesSent(3);
        measurements.bytesReceived(5);
        assertEquals((1L << 40) + 3, run(0).bytesSent());
        assertEquals(5, run(0).bytesReceived());
    }
}
