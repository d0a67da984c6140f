package io.spvn.cli;

import io.spvn.bridge.worker.HangAction;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.WorkerSettings.Crew;
import io.spvn.bridge.worker.WorkerSettings.Supervision;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// When workers are replaced by others.
final class SupervisionOptions {
    private static final String MAX_REQUESTS = "--max-requests";
    private static final String JITTER = "--max-requests-jitter";
    private static final String LIFETIME = "--worker-lifetime";
    private static final String MAX_RSS = "--worker-max-rss";
    private static final String HANG_ACTION = "--worker-hang-action";

    @Option(
            names = {MAX_REQUESTS, "--limit-max-requests"},
            paramLabel = "N",
            description = {
                "Replace a worker that has taken so many requests.",
                "This and what follows needs --isolation process,",
                "which auto takes then. Default: off."
            })
    @Nullable Integer maxRequests;

    @Option(
            names = {JITTER, "--limit-max-requests-jitter"},
            paramLabel = "N",
            description = {
                "Let each worker take up to so many more, by chance,",
                "so that not all go at once. Default: 0."
            })
    @Nullable Integer maxRequestsJitter;

    @Option(
            names = {LIFETIME, "--workers-lifetime"},
            paramLabel = "TIME",
            description = {
                "Replace a worker that has served for so long,",
                "or, by chance, up to a tenth less. Default: off."
            })
    @Nullable Duration lifetime;

    @Option(
            names = MAX_RSS,
            paramLabel = "SIZE",
            description = {"Replace a worker whose process has more memory.", "Default: off."})
    @Nullable Long maxRss;

    @Option(
            names = HANG_ACTION,
            paramLabel = "WHAT",
            description = {
                "What to do about a worker that is blocked for longer",
                "than --worker-hang-timeout:",
                "  report   log its Python stack",
                "  restart  that, then kill it and start another",
                "Default: report."
            })
    @Nullable HangAction hangAction;

    /// When workers are replaced.
    Supervision supervision(Crew crew) {
        requireCompanion(JITTER, maxRequestsJitter, MAX_REQUESTS, maxRequests);
        if (hangAction == HangAction.RESTART && crew.hangTimeout().isZero()) {
            throw new UsageError(HANG_ACTION + " restart: add --worker-hang-timeout");
        }
        Supervision supervision =
                new Supervision(
                        Resolve.atLeast(MAX_REQUESTS, 1, maxRequests, 0),
                        Resolve.atLeast(JITTER, 0, maxRequestsJitter, 0),
                        Resolve.or(lifetime, Duration.ZERO),
                        Resolve.or(maxRss, 0L),
                        Resolve.or(hangAction, HangAction.REPORT));
        requireReplaceable(supervision, crew.isolation());
        return supervision;
    }

    private static void requireCompanion(
            String name, @Nullable Object value, String other, @Nullable Object companion) {
        if (value != null && companion == null) {
            throw new UsageError(name + ": add " + other);
        }
    }

    private void requireReplaceable(Supervision supervision, Isolation isolation) {
        if (supervision.demandsReplaceable()
                && isolation != Isolation.AUTO
                && !isolation.replaceable()) {
            throw new UsageError(
                    "%s: a worker of --isolation %s cannot be replaced; use --isolation process"
                            .formatted(given(), isolation.label()));
        }
    }

    /// The first of the options that was given and demands workers that can be replaced.
    private String given() {
        return Stream.of(
                        maxRequests == null ? "" : MAX_REQUESTS,
                        lifetime == null ? "" : LIFETIME,
                        maxRss == null ? "" : MAX_RSS,
                        HANG_ACTION + " restart")
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElseThrow();
    }
}
