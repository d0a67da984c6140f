package io.spvn.bridge.worker;

import java.util.Locale;

/// What a worker runs the app in.
public enum Isolation {
    /// What suits the app: the main interpreter for one worker; processes for more, or
    /// sub-interpreters where they are known to be safe.
    AUTO,
    /// Sub-interpreters, each with a GIL of its own.
    SUBINTERPRETER,
    /// The one main interpreter: one worker.
    MAIN,
    /// A process of its own for each worker.
    PROCESS;

    /// Whether a worker can be ended at any time, by force if need be, and another take its place;
    /// an interpreter stays for as long as the process that it is in.
    public boolean replaceable() {
        return this == PROCESS;
    }

    /// The word of `--isolation`.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
