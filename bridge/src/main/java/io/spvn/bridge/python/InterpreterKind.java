package io.spvn.bridge.python;

/// The interpreters an app can run in.
public enum InterpreterKind {
    /// The main interpreter, which every extension module supports; there is one per process.
    MAIN,
    /// An isolated sub-interpreter with its own GIL, from Python 3.13.
    OWN_GIL
}
