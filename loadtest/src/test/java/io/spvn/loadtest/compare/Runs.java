package io.spvn.loadtest.compare;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Interval;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Percentiles;
import io.spvn.loadtest.attack.Plan;
import io.spvn.loadtest.attack.Request;
import io.spvn.loadtest.attack.Run;
import io.spvn.loadtest.attack.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Made-up figures.
final class Runs {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Runs() {}

    /// A second with so many good responses.
    static Sample sample(int round, long successes, double p99Millis) {
        return sample(round, successes, p99Millis, 0, 0);
    }

    static Sample sample(int round, long successes, double p99, long refusals, long failures) {
        Distribution latency = latency(p99);
        Run run =
                new Run(
                        plan(),
                        Instant.EPOCH,
                        SECOND,
                        false,
                        successes + refusals + failures,
                        Map.of(200, successes, 503, refusals),
                        failures == 0 ? Map.of() : Map.of(ErrorKind.TIMEOUT, failures),
                        0,
                        0,
                        0,
                        latency,
                        Map.of(2, latency),
                        latency,
                        latency,
                        List.of(new Interval(0, 1, 1, 1, 0, latency.percentiles())),
                        SECOND);
        return new Sample(round, run, 10 * round, 100 + round, List.of());
    }

    private static Distribution latency(double millis) {
        long nanos = (long) (millis * 1e6);
        Percentiles percentiles =
                new Percentiles(
                        1, 0, nanos, nanos / 2, nanos, nanos, nanos, nanos, nanos, nanos, nanos);
        return new Distribution(percentiles, List.of(new Distribution.Point(99, nanos)));
    }

    private static Plan plan() {
        Target target = Target.of("http://127.0.0.1:1/", false);
        return new Plan(target, Request.get(), new Load.Closed(1), SECOND, SECOND);
    }

    static Scenario scenario(String name) {
        return Scenarios.named(List.of(name), new byte[0]).getFirst();
    }

    static ComparisonSettings settings(Path directory, int rounds) {
        return new ComparisonSettings(
                List.of(),
                List.of(),
                rounds,
                Duration.ofMillis(300),
                Duration.ofMillis(100),
                false,
                directory.resolve("spvn"),
                directory.resolve("python"),
                directory,
                directory,
                null);
    }
}
