package io.spvn.bridge.embedded;

import java.util.Set;
import java.util.function.IntConsumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/// The signals that an app may have: those that neither the server nor the JVM needs.
///
/// The handlers are the process's, so only the one worker of the main interpreter asks for them.
/// The JVM calls them on threads of its own.
final class AppSignals {
    private static final Set<String> FREE =
            Set.of(
                    "ALRM", "CHLD", "CONT", "IO", "PROF", "TSTP", "TTIN", "TTOU", "URG", "USR1",
                    "VTALRM", "WINCH");

    /// What is to happen when a signal comes.
    enum Action {
        DEFAULT,
        IGNORE,
        TELL
    }

    private final IntConsumer app;

    /// @param app takes the numbers of signals that it has asked for; for any thread, not blocking
    AppSignals(IntConsumer app) {
        this.app = app;
    }

    /// Asks for a signal, by its name without SIG.
    ///
    /// @return false when it is not the app's to have
    boolean ask(String name, Action action) {
        if (!FREE.contains(name)) {
            return false;
        }
        try {
            Signal.handle(new Signal(name), handler(action));
            return true;
        } catch (IllegalArgumentException used) {
            return false; // unknown to this system, or used by the JVM
        }
    }

    private SignalHandler handler(Action action) {
        return switch (action) {
            case DEFAULT -> SignalHandler.SIG_DFL;
            case IGNORE -> SignalHandler.SIG_IGN;
            case TELL -> signal -> app.accept(signal.getNumber());
        };
    }
}
