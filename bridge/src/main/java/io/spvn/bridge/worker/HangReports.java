package io.spvn.bridge.worker;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the log when a worker's event loop stays away for too long, with the Python stack of what
/// holds it up; again each time the time has doubled; and when it is back.
///
/// The stack is asked of a Python thread that waits for that (`spvn_bridge.watch`). It needs the
/// interpreter's lock, which native code may keep for as long as it likes, so the report goes out
/// without a stack when none has come within [#PATIENCE_NANOS]; one that comes later, while the
/// loop is still away, is a report of its own.
///
/// Used by one thread at a time, but for what is marked.
final class HangReports {
    /// Long enough for Python to read the source lines on a machine that is busy.
    static final long PATIENCE_NANOS = 1_000_000_000;

    /// A clock that comes later than that was held up itself, and the loop gets another chance.
    private static final long LATE_NANOS = 500_000_000;

    private final String worker;
    private final Pulse pulse;
    private final long timeout;
    private final Runnable askForStack;
    private final Consumer<String> log;

    private volatile @Nullable String stack;
    private @Nullable Long lastTick;
    private boolean forgiven;
    private long due;
    private long askedAt;
    private boolean asking; // a stack was asked for and has not come
    private boolean told; // about the stack that was asked for
    private boolean hanging;

    /// @param timeoutNanos how long the loop may stay away; 0: for ever
    /// @param askForStack has [#stackTaken] called some time, or never; does not block
    /// @param log takes one report, which may have lines; does not block
    HangReports(
            int worker,
            Pulse pulse,
            long timeoutNanos,
            Runnable askForStack,
            Consumer<String> log) {
        this.worker = "worker " + worker;
        this.pulse = pulse;
        this.timeout = timeoutNanos;
        this.askForStack = askForStack;
        this.log = log;
        this.due = timeoutNanos;
    }

    /// Whether the loop has been away for too long. For any thread.
    boolean hung(long now) {
        return timeout > 0 && pulse.away(now) > timeout;
    }

    /// The stack that was asked for; of no use any more once the loop is back. For any thread.
    void stackTaken(String text) {
        if (pulse.asked()) {
            stack = text;
        }
    }

    /// Looks after the worker. To be called often, and before each new question to it.
    void tick(long now) {
        if (timeout <= 0 || late(now)) {
            return;
        }
        long away = pulse.away(now);
        if (away > 0) {
            whileAway(away, now);
        } else if (hanging) {
            back();
        }
    }

    private boolean late(long now) {
        Long last = lastTick;
        lastTick = now;
        forgiven = !forgiven && last != null && now - last > LATE_NANOS;
        return forgiven;
    }

    private void whileAway(long away, long now) {
        if (asking) {
            expectStack(away, now);
        }
        if (away > due) {
            hanging = true;
            if (!asking) {
                ask(now);
            } else if (told) {
                tellWithoutStack(away);
            }
        }
    }

    private void ask(long now) {
        asking = true;
        told = false;
        askedAt = now;
        stack = null;
        askForStack.run();
    }

    private void expectStack(long away, long now) {
        String text = stack;
        if (text != null) {
            asking = false;
            tell(away, "\n" + text.strip());
        } else if (!told && now - askedAt > PATIENCE_NANOS) {
            tellWithoutStack(away);
        }
    }

    private void tellWithoutStack(long away) {
        told = true;
        tell(away, "; its Python stack cannot be had: native code holds the interpreter's lock");
    }

    private void tell(long away, String more) {
        due = 2 * away;
        log.accept(worker + " has been blocked for " + seconds(away) + more);
    }

    private void back() {
        long away = pulse.lastLag();
        String text = stack;
        boolean untold = asking && !told;
        if (untold && text != null) {
            tell(away, "\n" + text.strip());
        }
        log.accept(
                worker
                        + " is back after "
                        + seconds(away)
                        + (untold && text == null ? ", before its Python stack was had" : ""));
        hanging = false;
        asking = false;
        due = timeout;
    }

    private static String seconds(long nanos) {
        return "%.1f s".formatted(nanos / 1e9);
    }
}
