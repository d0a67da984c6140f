package io.spvn.bridge.worker;

import java.util.Locale;

/// Why a worker was replaced by another. Each is counted under its own name.
public enum RestartReason {
    /// A signal has ended it, or it has failed in a way that is not the app's own doing.
    CRASHED("crashed"),
    /// The app has ended its process by itself.
    EXITED("exited"),
    /// Its event loop was blocked for too long.
    HUNG("its event loop is blocked"),
    /// It has taken as many requests as it may.
    MAX_REQUESTS("it has taken as many requests as it may"),
    /// It has served as long as it may.
    LIFETIME("it has served as long as it may"),
    /// Its process has more memory than it may.
    RSS("it has more memory than it may"),
    /// All are replaced one after the other, as SIGHUP asks for.
    HANGUP("all workers are replaced"),
    /// All are replaced one after the other by processes, because a module refuses what they are.
    REFUSED("a module refuses sub-interpreters"),
    /// All are replaced at once, because what they run has changed.
    RELOAD("the app is loaded anew");

    private final String words;

    RestartReason(String words) {
        this.words = words;
    }

    /// For the log.
    String words() {
        return words;
    }

    /// The name it is counted under.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
