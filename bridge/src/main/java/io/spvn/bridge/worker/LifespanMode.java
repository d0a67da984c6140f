package io.spvn.bridge.worker;

/// Whether the app is told about start-up and shutdown.
public enum LifespanMode {
    /// Told; an app that does not support it is served all the same.
    AUTO,
    /// Told; an app that does not support it is not served.
    ON,
    /// Not told.
    OFF
}
