package io.spvn.bridge.exchange;

/// What became of an event that the app sent.
public enum Sent {
    /// Kept until the first body event, so that both make one write.
    HELD,
    /// There is something to write, and room for more.
    READY,
    /// There is something to write, and the app must wait before it sends more.
    FULL
}
