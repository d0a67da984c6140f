package io.spvn.bridge.worker;

/// What is done about a worker whose event loop is blocked for longer than it may.
public enum HangAction {
    /// The log tells of it, with the Python stack.
    REPORT,
    /// It is told, then killed, and another takes its place.
    RESTART
}
