package io.spvn.server.process;

import java.util.List;
import java.util.function.Consumer;

/// Signals of the server, taken over from whoever had them. The JDK has no other way to hear of a
/// signal than this internal one, which it exports for the purpose.
public final class Signals {
    public static final String HANGUP = "HUP";

    /// Files of logs are to be opened anew.
    public static final String REOPEN = "USR1";

    /// One worker more.
    public static final String MORE = "TTIN";

    /// One worker less.
    public static final String LESS = "TTOU";

    private Signals() {}

    /// Has `handler` called with the name of each SIGINT, SIGTERM and SIGHUP that comes from now
    /// on, on a thread of the JVM. A signal that the process was started to ignore, as SIGHUP is by
    /// nohup, stays ignored: the JVM takes no handler for it.
    public static void handle(Consumer<String> handler) {
        handle(List.of("INT", "TERM", HANGUP), handler);
    }

    /// The same of the signals that ask for more or fewer workers.
    public static void handleSize(Consumer<String> handler) {
        handle(List.of(MORE, LESS), handler);
    }

    /// The same of the signal that asks for the files of logs to be opened anew.
    public static void handleReopen(Consumer<String> handler) {
        handle(List.of(REOPEN), handler);
    }

    private static void handle(List<String> names, Consumer<String> handler) {
        for (String name : names) {
            sun.misc.Signal.handle(
                    new sun.misc.Signal(name), signal -> handler.accept(signal.getName()));
        }
    }
}
