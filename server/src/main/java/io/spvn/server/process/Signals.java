package io.spvn.server.process;

import java.util.List;
import java.util.function.Consumer;

/// SIGINT, SIGTERM and SIGHUP, taken over from whoever had them. The JDK has no other way to hear
/// of a signal than this internal one, which it exports for the purpose.
public final class Signals {
    public static final String HANGUP = "HUP";

    private Signals() {}

    /// Has `handler` called with the name of each signal that comes from now on, on a thread of the
    /// JVM. A signal that the process was started to ignore, as SIGHUP is by nohup, stays ignored:
    /// the JVM takes no handler for it.
    public static void handle(Consumer<String> handler) {
        for (String name : List.of("INT", "TERM", HANGUP)) {
            sun.misc.Signal.handle(
                    new sun.misc.Signal(name), signal -> handler.accept(signal.getName()));
        }
    }
}
