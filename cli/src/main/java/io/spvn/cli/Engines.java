package io.spvn.cli;

import io.spvn.bridge.trial.PythonTrial;
import io.spvn.loadtest.attack.Attack;
import io.spvn.loadtest.attack.Warmup;
import io.spvn.loadtest.compare.Comparison;
import io.spvn.server.ServerConfig;
import io.spvn.server.SpvnServer;
import io.spvn.server.process.InheritedDescriptors;
import io.spvn.server.process.LentVariables;
import java.util.Map;

/// What the commands set in motion.
///
/// @param server of `serve`
/// @param attack of `loadtest attack`
/// @param comparison of `loadtest compare`
/// @param doctor of `doctor`
record Engines(
        Server server,
        AttackRun.Engine attack,
        CompareRun.Engine comparison,
        DoctorRun.Engine doctor) {
    /// Starts a server and waits until it has stopped.
    @FunctionalInterface
    interface Server {
        /// Runs one to its end.
        ///
        /// @param given values of the options that were given, without secrets
        /// @return the exit code of the process
        int serve(ServerConfig config, Map<String, String> given) throws InterruptedException;
    }

    /// The server hears of signals itself.
    static Engines real(StopHook hook, InheritedDescriptors inherited) {
        return new Engines(
                (config, given) -> {
                    SpvnServer server = new SpvnServer(config, given, inherited, Logging.own());
                    server.start();
                    return server.await();
                },
                (settings, progress) -> {
                    if (!settings.cold()) {
                        Warmup.run();
                    }
                    Attack attack = new Attack(settings.plan());
                    hook.arm(attack::stop);
                    return attack.run(progress);
                },
                (settings, log) -> {
                    Comparison comparison = new Comparison(settings, log);
                    hook.arm(comparison::stop);
                    return comparison.run();
                },
                (python, app) -> new PythonTrial(python, app, LentVariables::restoreIn).examine());
    }
}
