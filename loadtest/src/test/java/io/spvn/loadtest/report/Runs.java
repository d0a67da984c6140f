package io.spvn.loadtest.report;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Interval;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Percentiles;
import io.spvn.loadtest.attack.Plan;
import io.spvn.loadtest.attack.Request;
import io.spvn.loadtest.attack.Run;
import io.spvn.loadtest.attack.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Runs that nobody ran.
final class Runs {
    static final Load OPEN = new Load.Open(new Pacer.Constant(5_000), 64);
    static final Load CLOSED = new Load.Closed(64);
    static final Distribution NONE = times(0, 0);

    private Runs() {}

    /// Times from one step to ten of them.
    static Distribution times(long count, long step) {
        return new Distribution(
                new Percentiles(
                        count, step, 2 * step, 3 * step, 4 * step, 5 * step, 6 * step, 7 * step,
                        8 * step, 9 * step, 10 * step),
                count == 0
                        ? List.of()
                        : List.of(
                                new Distribution.Point(0, step),
                                new Distribution.Point(50, 3 * step),
                                new Distribution.Point(100, 10 * step)));
    }

    /// All of 50,000 requests were answered in a fraction of a millisecond.
    static Run good(Load load) {
        return run(
                load, Map.of(200, 50_000L), Map.of(), 0, times(50_000, 100_000), times(50_000, 10));
    }

    /// A tenth of them had no response, a tenth another than was hoped for, 10 were given up.
    static Run bad() {
        return run(
                OPEN,
                new TreeMap<>(Map.of(200, 39_990L, 503, 5_000L)),
                new TreeMap<>(Map.of(ErrorKind.REFUSED, 4_000L, ErrorKind.TIMEOUT, 1_000L)),
                10,
                times(44_990, 100_000_000),
                times(46_000, 400_000));
    }

    /// One of ten million was answered with an error, which is less than three decimals can say.
    static Run nearlyGood() {
        return run(
                OPEN,
                new TreeMap<>(Map.of(200, 9_999_999L, 500, 1L)),
                Map.of(),
                0,
                times(10_000_000, 100_000),
                times(10_000_000, 10));
    }

    /// Nobody answered.
    static Run silent() {
        return run(OPEN, Map.of(), Map.of(ErrorKind.UNSENT, 50_000L), 0, NONE, NONE);
    }

    private static Run run(
            Load load,
            Map<Integer, Long> statuses,
            Map<ErrorKind, Long> errors,
            long unfinished,
            Distribution latency,
            Distribution lag) {
        return run(
                load,
                statuses,
                errors,
                unfinished,
                latency,
                times(latency.percentiles().count(), 50_000),
                lag,
                List.of(
                        new Interval(
                                0, 100_000_000, 500, 498, 2, times(498, 100_000).percentiles()),
                        new Interval(100_000_000, 100_000_000, 500, 0, 0, NONE.percentiles())));
    }

    /// A run of which only times and errors matter.
    static Run measured(
            Load load,
            Map<ErrorKind, Long> errors,
            Distribution latency,
            Distribution service,
            Distribution lag,
            List<Interval> intervals) {
        Map<Integer, Long> statuses = Map.of(200, latency.percentiles().count());
        return run(load, statuses, errors, 0, latency, service, lag, intervals);
    }

    private static Run run(
            Load load,
            Map<Integer, Long> statuses,
            Map<ErrorKind, Long> errors,
            long unfinished,
            Distribution latency,
            Distribution service,
            Distribution lag,
            List<Interval> intervals) {
        Plan plan =
                new Plan(
                        Target.of("http://127.0.0.1:8000/a?b", false),
                        Request.get(),
                        load,
                        Duration.ofSeconds(10),
                        Duration.ofMillis(2_500));
        long requests =
                Stream.of(statuses.values(), errors.values())
                                .flatMap(Collection::stream)
                                .mapToLong(Long::longValue)
                                .sum()
                        + unfinished;
        Map<Integer, Distribution> byClass = new TreeMap<>();
        statuses.forEach((status, count) -> byClass.put(status / 100, times(count, 100_000)));
        return new Run(
                plan,
                Instant.parse("2026-11-23T08:00:00Z"),
                Duration.ofMillis(10_020),
                unfinished > 0,
                requests,
                statuses,
                errors,
                unfinished,
                4_000_000,
                3_000_000_000L,
                latency,
                byClass,
                service,
                lag,
                intervals,
                Duration.ofMillis(1_200));
    }
}
