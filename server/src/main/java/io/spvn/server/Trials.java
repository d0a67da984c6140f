package io.spvn.server;

import io.spvn.bridge.trial.PythonTrial;
import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.Trial;
import io.spvn.server.process.Privileges;

/// How a trial of an app is made.
final class Trials {
    private Trials() {}

    /// What a trial runs, it runs as the user of `--user`. Where that may not read Python no
    /// process of its can be started, neither for a trial nor for a worker.
    static Trial of(ServerConfig config, Privileges privileges) {
        PythonEnvironment python = config.worker().python();
        Trial trial = new PythonTrial(python, config.worker().app(), SpvnServer.variables(config));
        return () ->
                privileges.mayRead(python.library())
                        ? trial.ask()
                        : new Trial.Verdict(true, "--user may not read the files of Python");
    }
}
