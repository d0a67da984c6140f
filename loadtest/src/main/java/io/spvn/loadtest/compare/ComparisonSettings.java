package io.spvn.loadtest.compare;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is compared, and how thoroughly.
///
/// @param peers servers by name; empty for all, or for the few of a quick comparison
/// @param scenarios by name; empty for all
/// @param rounds turns of each server
/// @param seconds measured in each scenario and round
/// @param warmup of each server after its start
/// @param quick whether this is the short form: fewer servers unless some are named
/// @param launcher the program `spvn`
/// @param python the interpreter that the virtual environment is made from
/// @param state directory in which the virtual environment and logs are kept
/// @param apps directory that holds the package `dotest`
/// @param document JSON to post, else one is generated
public record ComparisonSettings(
        List<String> peers,
        List<String> scenarios,
        int rounds,
        Duration seconds,
        Duration warmup,
        boolean quick,
        Path launcher,
        Path python,
        Path state,
        Path apps,
        @Nullable Path document) {
    private static final int MAX_ROUNDS = 100;
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofMinutes(5);

    public ComparisonSettings {
        peers = Catalogue.checkedPeers(peers, quick);
        scenarios = Catalogue.checkedScenarios(scenarios);
        if (rounds < 1 || rounds > MAX_ROUNDS) {
            throw new IllegalArgumentException("rounds: 1 to " + MAX_ROUNDS + ", not " + rounds);
        }
        checkTime("seconds", seconds);
        checkTime("warmup", warmup);
    }

    /// Rounds when none are asked for.
    public static int defaultRounds(boolean quick) {
        return quick ? 1 : 3;
    }

    /// Time to measure when none is asked for.
    public static Duration defaultSeconds(boolean quick) {
        return Duration.ofSeconds(quick ? 1 : 5);
    }

    /// Time to warm up when none is asked for.
    public static Duration defaultWarmup(boolean quick) {
        return Duration.ofSeconds(quick ? 2 : 5);
    }

    private static void checkTime(String name, Duration time) {
        if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(
                    "%s: 0.1s to %ds, not %sms".formatted(name, MOST.toSeconds(), time.toMillis()));
        }
    }
}
