package io.spvn.cli;

import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.bridge.worker.WorkerSettings.App;
import io.spvn.bridge.worker.WorkerSettings.Crew;
import io.spvn.server.ServerConfig;
import io.spvn.server.ServerConfig.Network;
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
        Crew crew = options.watch.crew(environment, options.workers.crew(environment, cpus));
        App app = options.app.app(options.which.ref(), argv, options.log.app(environment));
        WorkerSettings worker =
                new WorkerSettings(
                        app,
                        python,
                        crew,
                        options.queue.queue(),
                        options.stop.stop(environment, options.watch.streamGrace(environment)),
                        options.supervision.supervision(crew));
        Network network = options.network.network(environment);
        return new ServerConfig(
                network,
                options.limits.limits(),
                options.webSockets.settings(),
                options.timeouts.timeouts(),
                options.tls.settings(environment, network),
                options.process.settings(environment),
                options.admin.bind(environment),
                options.access.logs(environment),
                options.files.settings(environment),
                options.compression.settings(environment),
                worker,
                options.watch.watch(environment, app.ref().appDir()));
    }
}
