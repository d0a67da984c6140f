package io.spvn.bridge.embedded;

import io.spvn.bridge.python.InterpreterKind;
import io.spvn.bridge.python.PythonFailure;
import io.spvn.bridge.python.PythonRuntime;
import io.spvn.bridge.worker.BridgeSource;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.Worker;
import io.spvn.bridge.worker.WorkerFactory;
import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.bridge.worker.WorkerSettings;
import org.jspecify.annotations.Nullable;

/// Makes workers that are interpreters inside this process. The front door of this package; one in
/// a process, since there is one Python in it.
public final class EmbeddedWorkers implements WorkerFactory {
    /// The release of Jep that makes the interpreters.
    public static final String JEP_VERSION = PythonRuntime.JEP_VERSION;

    private final WorkerSettings settings;
    private final Runnable onPythonStarted;
    private @Nullable PythonRuntime runtime; // null before the first worker

    /// @param onPythonStarted called on the worker's thread when an interpreter has started, with
    ///   all that it needs but the app, which is imported when this returns. Python may have
    ///   changed the process's signal handlers.
    public EmbeddedWorkers(WorkerSettings settings, Runnable onPythonStarted) {
        this.settings = settings;
        this.onPythonStarted = onPythonStarted;
    }

    @Override
    public Worker make(Place place) {
        return new EmbeddedWorker(
                place, kind(place.isolation()), runtime(), settings, onPythonStarted);
    }

    private static InterpreterKind kind(Isolation isolation) {
        return switch (isolation) {
            case MAIN -> InterpreterKind.MAIN;
            case SUBINTERPRETER -> InterpreterKind.OWN_GIL;
            case AUTO, PROCESS ->
                    throw new IllegalArgumentException("no interpreter in here: " + isolation);
        };
    }

    private PythonRuntime runtime() {
        if (runtime == null) {
            PythonEnvironment python = settings.python();
            try {
                runtime =
                        PythonRuntime.start(
                                python.executable(),
                                python.library(),
                                python.support(),
                                BridgeSource.location());
            } catch (PythonFailure failure) {
                throw new WorkerFailure(String.valueOf(failure.getMessage()), "", false);
            }
        }
        return runtime;
    }
}
