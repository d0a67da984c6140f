package io.spvn.cli;

import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.bridge.worker.WorkerSettings.App;
import io.spvn.bridge.worker.WorkerSettings.Crew;
import io.spvn.server.ServerConfig;
import io.spvn.server.ServerConfig.Network;
import java.util.List;

/// Makes the configuration, a topic from each group of options.
final class ConfigReader {
    private final ServeCommand options;
    private final Environment environment;
    private final Origins origins;
    private final int cpus;

    /// @param environment of the process
    /// @param origins where the options come from
    /// @param cpus workers that `--cpu` asks for
    ConfigReader(ServeCommand options, Environment environment, Origins origins, int cpus) {
        this.options = options;
        this.environment = environment;
        this.origins = origins;
        this.cpus = cpus;
    }

    /// @param argv what the app sees as `sys.argv`
    ServerConfig config(PythonEnvironment python, List<String> argv) {
        Crew crew = options.watch.crew(options.workers.crew(cpus));
        App app = options.app.app(options.which.ref(), argv, options.log.app(), environment);
        WorkerSettings worker =
                new WorkerSettings(
                        app,
                        python,
                        crew,
                        options.queue.queue(),
                        options.stop.stop(options.watch.streamGrace()),
                        options.supervision.supervision(crew));
        Network network = options.network.network(environment, options.proxies.proxies());
        return new ServerConfig(
                network,
                options.http.versions(),
                options.limits.limits(),
                options.responses.defaults(),
                options.webSockets.settings(),
                options.timeouts.timeouts(),
                options.tls.settings(origins, network),
                options.process.settings(environment.serviceManager()),
                options.admin.bind(),
                options.access.logs(options.tracing.settings(environment)),
                options.files.settings(),
                options.compression.settings(),
                worker,
                options.watch.watch(origins, app.ref().appDir()));
    }
}
