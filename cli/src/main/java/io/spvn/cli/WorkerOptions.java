package io.spvn.cli;

import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.WorkerSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How many of which workers run the app.
final class WorkerOptions {
    @Option(
            names = {"--workers", "--n-threads"},
            paramLabel = "N",
            description = {
                "Workers that run the app in parallel.",
                "Environment: SPVN_N_THREADS. Default: " + WorkerSettings.DEFAULT_WORKERS + "."
            })
    @Nullable Integer workers;

    @Option(names = "--cpu", description = "As many workers as there are CPUs.")
    boolean cpu;

    @Option(
            names = "--isolation",
            paramLabel = "KIND",
            description = {
                "Interpreters that the workers run in:",
                "  main            the main one, for one worker",
                "  subinterpreter  each its own, Python 3.13 or newer",
                "  auto            main for one worker, else subinterpreter",
                "Environment: SPVN_ISOLATION. Default: auto."
            })
    @Nullable Isolation isolation;

    @Option(
            names = "--loop",
            paramLabel = "KIND",
            description = {
                "Event loop that the app runs on:",
                "  asyncio  Python's own",
                "  uvloop   the app's environment must have it;",
                "           not in a subinterpreter",
                "  auto     uvloop where it can be had, else asyncio",
                "Environment: SPVN_LOOP. Default: auto."
            })
    @Nullable EventLoop loop;

    @Option(
            names = "--worker-hang-timeout",
            paramLabel = "TIME",
            description = {
                "Report a worker whose event loop is blocked for longer,",
                "with the Python stack that blocks it. Default: off."
            })
    @Nullable Duration hangTimeout;

    /// How many; that they fit the interpreters they get is checked, too.
    ///
    /// @param cpus workers that `--cpu` asks for
    int count(Environment environment, Isolation isolation, int cpus) {
        int count = count(environment, cpus);
        if (isolation == Isolation.MAIN && count > 1) {
            throw new UsageError(
                    "--isolation main: there is one main interpreter, so use --workers 1, not "
                            + count);
        }
        return count;
    }

    private int count(Environment environment, int cpus) {
        if (!cpu) {
            return workers == null ? countByDefault(environment) : atLeastOne("--workers", workers);
        }
        if (workers != null) {
            throw new UsageError("--workers and --cpu: use one or the other");
        }
        return cpus;
    }

    private static int countByDefault(Environment environment) {
        return atLeastOne(
                "environment variable " + Environment.WORKERS,
                environment.value(Environment.WORKERS, Syntax::number));
    }

    private static int atLeastOne(String name, @Nullable Integer workers) {
        return Resolve.atLeast(name, 1, workers, WorkerSettings.DEFAULT_WORKERS);
    }

    /// The interpreters that they get.
    Isolation isolation(Environment environment) {
        Isolation given = isolation;
        if (given == null) {
            given =
                    environment.value(
                            Environment.ISOLATION, text -> Syntax.choice(Isolation.class, text));
        }
        return Resolve.or(given, Isolation.AUTO);
    }

    /// The event loop; that it can run in the interpreters is checked, too.
    ///
    /// @param count of workers
    EventLoop loop(Environment environment, Isolation isolation, int count) {
        EventLoop given = loop;
        if (given == null) {
            given =
                    environment.value(
                            Environment.LOOP, text -> Syntax.choice(EventLoop.class, text));
        }
        EventLoop chosen = Resolve.or(given, EventLoop.AUTO);
        if (chosen == EventLoop.UVLOOP && (isolation == Isolation.SUBINTERPRETER || count > 1)) {
            throw new UsageError(
                    "--loop uvloop: uvloop does not support sub-interpreters,"
                            + " so use one worker with --isolation main, or --loop asyncio");
        }
        return chosen;
    }
}
