package io.spvn.cli;

import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.server.ServerConfig;
import java.time.Duration;
import java.util.List;

/// Makes the configuration, a topic from each group of options: an option counts before its
/// environment variable, that before the default.
final class ConfigReader {
    private final ServeCommand options;
    private final Environment environment;
    private final int cpus;

    /// @param cpus workers that `--cpu` asks for
    ConfigReader(ServeCommand options, Environment environment, int cpus) {
        this.options = options;
        this.environment = environment;
        this.cpus = cpus;
    }

    /// @param argv what the app sees as `sys.argv`
    ServerConfig config(PythonEnvironment python, List<String> argv) {
        WorkerSettings worker = worker(python, argv);
        return new ServerConfig(
                options.network.network(environment),
                options.limits.limits(),
                options.timeouts.timeouts(),
                options.process.settings(environment),
                options.admin.bind(environment),
                worker);
    }

    private WorkerSettings worker(PythonEnvironment python, List<String> argv) {
        Isolation isolation = options.workers.isolation(environment);
        int workers = options.workers.count(environment, isolation, cpus);
        return new WorkerSettings(
                options.app.app(options.target),
                python,
                workers,
                isolation,
                options.workers.loop(environment, isolation, workers),
                Resolve.or(options.app.lifespan, LifespanMode.AUTO),
                Resolve.orSeconds(
                        options.app.startupTimeout, WorkerSettings.DEFAULT_STARTUP_TIMEOUT_SECONDS),
                Resolve.orSeconds(
                        options.stop.gracefulTimeout,
                        WorkerSettings.DEFAULT_GRACEFUL_TIMEOUT_SECONDS),
                options.stop.streamGrace(environment),
                options.app.rootPath(),
                argv,
                Resolve.atLeast(
                        "--queue-size", 1, options.queue.size, WorkerSettings.DEFAULT_QUEUE_SIZE),
                Resolve.orSeconds(
                        options.queue.timeout, WorkerSettings.DEFAULT_QUEUE_TIMEOUT_SECONDS),
                Resolve.or(options.workers.hangTimeout, Duration.ZERO));
    }
}
