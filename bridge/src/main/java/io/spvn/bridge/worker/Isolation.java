package io.spvn.bridge.worker;

import java.util.Locale;

/// What a worker runs the app in.
public enum Isolation {
    /// The main interpreter for one worker, sub-interpreters for more.
    AUTO,
    /// Sub-interpreters, each with a GIL of its own.
    SUBINTERPRETER,
    /// The one main interpreter: one worker.
    MAIN,
    /// A process of its own for each worker.
    PROCESS;

    /// The word of `--isolation`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
