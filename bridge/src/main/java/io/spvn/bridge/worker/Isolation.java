package io.spvn.bridge.worker;

/// Which interpreter runs the app.
public enum Isolation {
    /// Sub-interpreters if the app and all that it imports allow it, else the main interpreter.
    AUTO,
    /// Sub-interpreters, each with a GIL of its own.
    SUBINTERPRETER,
    /// The one main interpreter: one worker.
    MAIN
}
