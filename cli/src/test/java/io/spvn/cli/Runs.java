package io.spvn.cli;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Percentiles;
import io.spvn.loadtest.attack.Plan;
import io.spvn.loadtest.attack.Run;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Results of attacks that never were.
final class Runs {
    private static final Distribution NO_TIMES =
            new Distribution(new Percentiles(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), List.of());

    private Runs() {}

    static Run of(Plan plan) {
        return of(plan, Map.of(200, 500L), Map.of());
    }

    static Run of(Plan plan, Map<Integer, Long> statuses, Map<ErrorKind, Long> errors) {
        long requests =
                statuses.values().stream().mapToLong(Long::longValue).sum()
                        + errors.values().stream().mapToLong(Long::longValue).sum();
        return new Run(
                plan,
                Instant.EPOCH,
                Duration.ofSeconds(10),
                false,
                requests,
                statuses,
                errors,
                0,
                0,
                0,
                NO_TIMES,
                Map.of(),
                NO_TIMES,
                NO_TIMES,
                List.of(),
                Duration.ZERO);
    }
}
