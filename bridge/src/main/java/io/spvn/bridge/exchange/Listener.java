package io.spvn.bridge.exchange;

/// Who waits in an app's `receive()`; the numbers are those of `spvn_bridge.http`.
public enum Listener {
    NOBODY,
    /// A task that the app has made beside the one of its request.
    OTHER_TASK,
    /// The task that the app was called in, which does nothing else then.
    OWN_TASK;

    private static final Listener[] ALL = values();

    public static Listener of(long number) {
        return ALL[Math.toIntExact(number)];
    }
}
