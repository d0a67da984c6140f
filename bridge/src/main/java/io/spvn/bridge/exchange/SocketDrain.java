package io.spvn.bridge.exchange;

/// How far the app of a WebSocket has been brought to its end, since the server stops. Made when it
/// is told, which is when this is due:
///
///     the handshake    its own task waits in receive()     after the grace: it waits for a
///                                                          disconnect, and for nothing else
///     the handshake    another task, nobody                never: the app is at work
///     open             anyone, nobody                      at once: clients connect to another
///
/// An app that does not ask for what it is told is cancelled after half of the grace, but for one
/// that has had messages: it may be at work on the last of them. Guarded by the exchange's monitor.
final class SocketDrain {
    private final long toldAt;
    private boolean asked;
    private boolean cancelled;

    /// @param now [System#nanoTime]: the app is told
    SocketDrain(long now) {
        this.toldAt = now;
    }

    /// @param begun nanoseconds since the server was told to stop
    static boolean isDue(boolean open, Receiver listener, long begun, long grace) {
        return open || (listener == Receiver.OWN_TASK && begun >= grace);
    }

    /// The app has asked in `receive()`.
    void asked() {
        asked = true;
    }

    /// @param hadMessages whether the app may be at work on one
    Drain.Order look(long now, long grace, boolean hadMessages) {
        if (asked || cancelled || hadMessages || now - toldAt <= grace / 2) {
            return Drain.Order.NONE;
        }
        cancelled = true;
        return Drain.Order.CANCEL;
    }
}
