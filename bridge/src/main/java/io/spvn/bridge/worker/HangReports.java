package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the log when a worker's event loop stays away for too long, with the request and the
/// Python stack of what holds it up; again each time the time has doubled; and when it is back.
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
    private final Culprit culprit;
    private final Consumer<String> log;

    /// What Python has told of itself.
    private record Seen(String stack, @Nullable Exchange request) {}

    private volatile @Nullable Seen seen; // of the present question, or of the hang before
    private volatile @Nullable Seen shown; // the last of this hang
    private @Nullable Long lastTick;
    private boolean forgiven;
    private long due;
    private long askedAt;
    private boolean asking; // a stack was asked for and has not come
    private boolean told; // about the stack that was asked for
    private boolean hanging;

    /// @param timeoutNanos how long the loop may stay away; 0: for ever
    /// @param askForStack has [#stackTaken] called some time, or never; does not block
    /// @param culprit names the request
    /// @param log takes one report, which may have lines; does not block
    HangReports(
            int worker,
            Pulse pulse,
            long timeoutNanos,
            Runnable askForStack,
            Culprit culprit,
            Consumer<String> log) {
        this.worker = "worker " + worker;
        this.pulse = pulse;
        this.timeout = timeoutNanos;
        this.askForStack = askForStack;
        this.culprit = culprit;
        this.log = log;
        this.due = timeoutNanos;
    }

    /// Whether the loop has been away for too long. For any thread.
    boolean hung(long now) {
        return timeout > 0 && pulse.away(now) > timeout;
    }

    /// What holds the loop up, null when nothing does for too long. For any thread.
    @Nullable Hang hang(long now) {
        if (!hung(now)) {
            return null;
        }
        Seen last = shown;
        return new Hang(
                Duration.ofNanos(pulse.away(now)),
                last == null ? null : last.request(),
                last == null ? "" : last.stack());
    }

    /// The stack that was asked for; of no use any more once the loop is back. For any thread.
    ///
    /// @param request the number of the one whose code runs, negative when that is not known
    void stackTaken(String text, long request) {
        if (pulse.asked()) {
            Seen taken = new Seen(text.strip(), culprit.find(request));
            seen = taken;
            shown = taken;
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
        seen = null;
        askForStack.run();
    }

    private void expectStack(long away, long now) {
        Seen answer = seen;
        if (answer != null) {
            asking = false;
            tell(away, answer);
        } else if (!told && now - askedAt > PATIENCE_NANOS) {
            tellWithoutStack(away);
        }
    }

    private void tellWithoutStack(long away) {
        told = true;
        tell(
                away,
                null,
                "; its Python stack cannot be had: native code holds the interpreter's lock");
    }

    private void tell(long away, Seen answer) {
        tell(away, answer.request(), "\n" + answer.stack());
    }

    private void tell(long away, @Nullable Exchange request, String more) {
        due = 2 * away;
        log.accept(
                worker
                        + " has been blocked for "
                        + seconds(away)
                        + culprit.words(request, System.nanoTime())
                        + more);
    }

    private void back() {
        long away = pulse.lastLag();
        Seen answer = seen;
        boolean untold = asking && !told;
        if (untold && answer != null) {
            tell(away, answer);
        }
        log.accept(
                worker
                        + " is back after "
                        + seconds(away)
                        + (untold && answer == null ? ", before its Python stack was had" : ""));
        hanging = false;
        shown = null;
        asking = false;
        due = timeout;
    }

    private static String seconds(long nanos) {
        return "%.1f s".formatted(nanos / 1e9);
    }
}
