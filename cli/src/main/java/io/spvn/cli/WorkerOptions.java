package io.spvn.cli;

import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.WorkerSettings.Crew;
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
                "SPVN_N_THREADS is its variable. Default: " + Crew.DEFAULT_SIZE + "."
            })
    @Nullable Integer workers;

    @Option(names = "--cpu", description = "As many workers as there are CPUs.")
    boolean cpu;

    @Option(
            names = "--isolation",
            paramLabel = "KIND",
            description = {
                "What the workers run the app in:",
                "  main            the main interpreter: one worker",
                "  process         a Python process for each",
                "  subinterpreter  an interpreter for each;",
                "                  Python 3.13 or newer",
                "  auto            main for one worker, else",
                "                  process, or subinterpreter",
                "                  where a trial shows it safe",
                "Default: auto."
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
                "Default: auto."
            })
    @Nullable EventLoop loop;

    @Option(
            names = "--worker-hang-timeout",
            paramLabel = "TIME",
            description = {
                "Report a worker whose event loop is blocked for",
                "longer, with the request and the Python stack that",
                "block it; or off. Default: " + Crew.DEFAULT_HANG_SECONDS + "s."
            })
    @Nullable String hangTimeout;

    @Option(
            names = "--preload",
            description = {
                "Import the app once, before the workers are forked:",
                "they start at once and share its memory, but a",
                "restarted worker has the code of the first start.",
                "Takes --isolation process."
            })
    boolean preload;

    /// The workers.
    ///
    /// @param cpus workers that `--cpu` asks for
    Crew crew(int cpus) {
        Isolation kind = forkable(Resolve.or(isolation, Crew.DEFAULT.isolation()));
        int size = size(cpus);
        requireOneInMain(kind, size);
        EventLoop chosen = Resolve.or(loop, Crew.DEFAULT.loop());
        requireUvloop(chosen, kind);
        return new Crew(size, kind, chosen, hangTimeout(), preload);
    }

    private Duration hangTimeout() {
        Duration given = Resolve.read("--worker-hang-timeout", hangTimeout, Syntax::durationOrOff);
        return Resolve.or(given, Crew.DEFAULT.hangTimeout());
    }

    private Isolation forkable(Isolation asked) {
        if (!preload || asked == Isolation.PROCESS) {
            return asked;
        }
        if (asked != Isolation.AUTO) {
            throw new UsageError(
                    "--preload: only processes can be forked, so use --isolation process, not "
                            + asked.label());
        }
        return Isolation.PROCESS;
    }

    private static void requireOneInMain(Isolation isolation, int size) {
        if (isolation == Isolation.MAIN && size > 1) {
            throw new UsageError(
                    "--isolation main: there is one main interpreter, so use --isolation process"
                            + " for "
                            + size
                            + " workers");
        }
    }

    private static void requireUvloop(EventLoop loop, Isolation isolation) {
        if (loop == EventLoop.UVLOOP && isolation == Isolation.SUBINTERPRETER) {
            throw new UsageError(
                    "--loop uvloop: uvloop does not support sub-interpreters,"
                            + " so use --isolation process, or --loop asyncio");
        }
    }

    private int size(int cpus) {
        if (!cpu) {
            return Resolve.atLeast("--workers", 1, workers, Crew.DEFAULT_SIZE);
        }
        if (workers != null) {
            throw new UsageError("--workers and --cpu: use one or the other");
        }
        return cpus;
    }
}
