package io.spvn.bridge.exchange;

/// Tells a worker that an exchange has news for an app that waits. Called on any thread; never
/// blocks.
@FunctionalInterface
public interface Waker {
    void wake(Exchange exchange);

    /// Whether it wants to hear when nobody is there to read any more, though the app does not
    /// wait.
    default boolean wantsEnd() {
        return false;
    }
}
