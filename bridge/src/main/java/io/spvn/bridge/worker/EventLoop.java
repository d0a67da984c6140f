package io.spvn.bridge.worker;

/// Which event loop runs the app.
public enum EventLoop {
    /// uvloop where the app's environment has it and the interpreter allows it, else asyncio's.
    AUTO,
    /// The standard library's.
    ASYNCIO,
    /// uvloop, which must be there.
    UVLOOP
}
