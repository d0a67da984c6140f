package io.spvn.bridge.exchange;

/// Who waits in an app's `receive()`; the numbers are those of `spvn_bridge.http`.
public enum Receiver {
    NOBODY,
    /// A task that the app has made beside the one of its request.
    OTHER_TASK,
    /// The task that the app was called in, which does nothing else then.
    OWN_TASK;

    private static final Receiver[] ALL = values();

    public static Receiver of(long number) {
        return ALL[Math.toIntExact(number)];
    }
}
