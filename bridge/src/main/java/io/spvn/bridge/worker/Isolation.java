package io.spvn.bridge.worker;

/// Which interpreter runs the app.
public enum Isolation {
    /// The main interpreter for one worker, sub-interpreters for more.
    AUTO,
    /// Sub-interpreters, each with a GIL of its own.
    SUBINTERPRETER,
    /// The one main interpreter: one worker.
    MAIN
}
