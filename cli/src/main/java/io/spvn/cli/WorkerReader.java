package io.spvn.cli;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.server.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The app, and how many of which workers run it.
final class WorkerReader {
    private final ServeCommand options;
    private final Environment environment;
    private final int cpus;

    /// @param cpus workers that `--cpu` asks for
    WorkerReader(ServeCommand options, Environment environment, int cpus) {
        this.options = options;
        this.environment = environment;
        this.cpus = cpus;
    }

    /// @param argv what the app sees as `sys.argv`
    WorkerSettings settings(PythonEnvironment python, List<String> argv) {
        ServeCommand.App app = options.app;
        ServeCommand.Limits limits = options.limits;
        Isolation isolation = isolation();
        int workers = workers(isolation);
        return new WorkerSettings(
                app(),
                python,
                workers,
                isolation,
                loop(isolation, workers),
                Resolve.or(app.lifespan, LifespanMode.AUTO),
                Resolve.orSeconds(app.startupTimeout, ServerConfig.DEFAULT_STARTUP_TIMEOUT_SECONDS),
                Resolve.orSeconds(
                        limits.gracefulTimeout, ServerConfig.DEFAULT_GRACEFUL_TIMEOUT_SECONDS),
                streamGrace(),
                rootPath(),
                argv,
                Resolve.atLeast(
                        "--queue-size", 1, limits.queueSize, ServerConfig.DEFAULT_QUEUE_SIZE),
                Resolve.orSeconds(limits.queueTimeout, ServerConfig.DEFAULT_QUEUE_TIMEOUT_SECONDS),
                Resolve.or(options.workers.hangTimeout, Duration.ZERO));
    }

    private Duration streamGrace() {
        Duration given = options.limits.streamGrace;
        if (given == null) {
            given = environment.value(Environment.STREAM_GRACE, Syntax::duration);
        }
        return Resolve.orSeconds(given, ServerConfig.DEFAULT_STREAM_GRACE_SECONDS);
    }

    private AppRef app() {
        ServeCommand.App app = options.app;
        Path directory = Resolve.or(app.appDir, Path.of("")).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new UsageError("--app-dir: there is no directory " + directory);
        }
        AppInterface appInterface = Resolve.or(app.appInterface, AppInterface.AUTO);
        return new AppRef(target(), directory, appInterface, app.factory);
    }

    private String target() {
        String argument = options.target;
        String option = options.app.target;
        if (argument != null && option != null) {
            throw new UsageError("TARGET and --target: use one or the other");
        }
        String target = argument != null ? argument : option;
        if (target == null || target.isBlank()) {
            throw new UsageError("no app: write 'spvn serve module:attribute'");
        }
        return target;
    }

    private Isolation isolation() {
        Isolation given = options.workers.isolation;
        if (given == null) {
            given =
                    environment.value(
                            Environment.ISOLATION, text -> Syntax.choice(Isolation.class, text));
        }
        return Resolve.or(given, Isolation.AUTO);
    }

    private EventLoop loop(Isolation isolation, int workers) {
        EventLoop given = options.workers.loop;
        if (given == null) {
            given =
                    environment.value(
                            Environment.LOOP, text -> Syntax.choice(EventLoop.class, text));
        }
        EventLoop loop = Resolve.or(given, EventLoop.AUTO);
        if (loop == EventLoop.UVLOOP && (isolation == Isolation.SUBINTERPRETER || workers > 1)) {
            throw new UsageError(
                    "--loop uvloop: uvloop does not support sub-interpreters,"
                            + " so use one worker with --isolation main, or --loop asyncio");
        }
        return loop;
    }

    private int workers(Isolation isolation) {
        int workers = workers();
        if (isolation == Isolation.MAIN && workers > 1) {
            throw new UsageError(
                    "--isolation main: there is one main interpreter, so use --workers 1, not "
                            + workers);
        }
        return workers;
    }

    private int workers() {
        Integer given = options.workers.workers;
        if (!options.workers.cpu) {
            return given == null ? workersByDefault() : atLeastOne("--workers", given);
        }
        if (given != null) {
            throw new UsageError("--workers and --cpu: use one or the other");
        }
        return cpus;
    }

    private int workersByDefault() {
        return atLeastOne(
                "environment variable " + Environment.WORKERS,
                environment.value(Environment.WORKERS, Syntax::number));
    }

    private static int atLeastOne(String name, @Nullable Integer workers) {
        return Resolve.atLeast(name, 1, workers, ServerConfig.DEFAULT_WORKERS);
    }

    private String rootPath() {
        String path = Resolve.or(options.app.rootPath, "").replaceFirst("/+$", "");
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw new UsageError("--root-path: '" + path + "' does not start with a slash");
        }
        return path;
    }
}
