package io.spvn.server;

import io.spvn.server.process.ServiceNotices;
import io.spvn.server.process.Signals;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a signal does, by when it comes:
///
///                    during the start   while it serves     during a stop by signal
///     INT, TERM      ends at once: 1    stops               ends at once: 1
///     HUP            ends at once: 129  ends at once: 129   ends at once: 129
///
/// and where workers can be replaced:
///
///     HUP            nothing            replaces them all   nothing
///     TTIN           nothing            adds a worker       nothing
///     TTOU           nothing            retires one         nothing
///
/// and where there are certificates:
///
///     HUP            nothing            reads them anew     nothing
///
/// A manager that has started the process is told when that begins and when it is over; where there
/// is nothing to read or to replace, that is all.
///
/// A signal that comes right behind the one that stops the server is that one, sent to the process and
/// to its group, or passed on by its parent as well: only a later one is a second.
///
/// Nobody waits for a start-up or a stop that is not wanted, or for anything once the terminal has
/// gone; a server whose workers can be replaced, or that has certificates to look after, does not
/// belong to a terminal. Where they cannot be,
/// TTIN and TTOU are the app's. What a signal does runs on threads of the JVM; [#install] and
/// [#installFor] are for any thread.
final class StopSignals {
    private static final System.Logger LOG = System.getLogger(StopSignals.class.getName());

    /// What a shell makes of an end by SIGHUP.
    private static final int EXIT_HANGUP = 129;

    /// How far one signal is from itself when it comes twice.
    private static final Duration ECHO = Duration.ofMillis(500);

    private enum Phase {
        STARTING,
        SERVING,
        STOPPING
    }

    /// Workers that can be replaced, as signals see them. Nothing of it blocks.
    interface Crew {
        /// Replaces all of them.
        ///
        /// @param told called when that is over
        void roll(Runnable told);

        /// Adds so many, or retires them when there are to be fewer.
        void resize(int change);
    }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);
    private final AtomicReference<@Nullable Crew> crew =
            new AtomicReference<>(); // null where workers cannot be replaced
    private final AtomicReference<@Nullable Runnable> certificates =
            new AtomicReference<>(); // null where there are none
    private volatile ServiceNotices manager = ServiceNotices.NONE;
    private final Duration limit;
    private final Runnable stop;
    private final IntConsumer end;
    private final LongSupplier clock;
    private volatile long stoppedAt;

    /// @param limit of a stop
    /// @param stop makes the server stop; returns at once
    /// @param end ends the process at once, with an exit code
    /// @param clock [System#nanoTime]
    StopSignals(Duration limit, Runnable stop, IntConsumer end, LongSupplier clock) {
        this.limit = limit;
        this.stop = stop;
        this.end = end;
        this.clock = clock;
    }

    /// Takes the signals over, from Python as well, which takes SIGINT for itself when it starts.
    void install() {
        Signals.handle(this::arrived);
    }

    /// Workers are of a kind that can be replaced, which the start has found out.
    void installFor(Crew replaceable) {
        replacing(replaceable);
        Signals.handleSize(this::arrived);
    }

    /// From now on SIGHUP has certificates read.
    ///
    /// @param read reads them; may block
    void reading(Runnable read) {
        certificates.set(read);
    }

    /// From now on a manager is told what SIGHUP does.
    void telling(ServiceNotices notices) {
        manager = notices;
    }

    /// From now on signals do what they do where workers can be replaced.
    void replacing(Crew replaceable) {
        crew.set(replaceable);
    }

    /// The start is over.
    void serving() {
        phase.compareAndSet(Phase.STARTING, Phase.SERVING);
    }

    /// @param name of the signal, without SIG
    void arrived(String name) {
        Crew workers = crew.get();
        switch (name) {
            case Signals.HANGUP -> hangUp(name, workers);
            case Signals.MORE -> resize(name, "adding a worker", workers, 1);
            case Signals.LESS -> resize(name, "retiring a worker", workers, -1);
            default -> stop(name);
        }
    }

    private void hangUp(String name, @Nullable Crew workers) {
        Runnable read = certificates.get();
        ServiceNotices notices = manager;
        if (workers == null && read == null && !notices.wanted()) {
            endAtOnce("SIGHUP, the terminal has gone: ending at once", EXIT_HANGUP);
        }
        if (phase.get() == Phase.SERVING) {
            notices.reloading();
            reload(name, workers, read, notices::reloaded);
        }
    }

    private void reload(
            String name, @Nullable Crew workers, @Nullable Runnable read, Runnable told) {
        if (read != null) {
            whileServing(name, "reading the certificates anew", read);
        }
        if (workers != null) {
            String what = "replacing all workers, one after the other";
            whileServing(name, what, () -> workers.roll(told));
        } else {
            told.run();
        }
        if (read == null && workers == null) {
            LOG.log(System.Logger.Level.INFO, "SIG" + name + ": nothing to read or replace");
        }
    }

    private void resize(String name, String what, @Nullable Crew workers, int change) {
        if (workers != null) {
            whileServing(name, what, () -> workers.resize(change));
        }
    }

    private void whileServing(String name, String what, Runnable action) {
        if (phase.get() == Phase.SERVING) {
            LOG.log(System.Logger.Level.INFO, "SIG" + name + ": " + what);
            action.run();
        }
    }

    private void stop(String name) {
        long now = clock.getAsLong();
        if (phase.get() == Phase.STOPPING) {
            stopAgain(name, now - stoppedAt);
            return;
        }
        stoppedAt = now;
        if (phase.compareAndSet(Phase.SERVING, Phase.STOPPING)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "SIG%s: stopping, within %s; a second signal ends at once"
                            .formatted(name, seconds(limit)));
            stop.run();
        } else if (phase.get() == Phase.STARTING) {
            endAtOnce("SIG" + name + " during the start: ending at once", StopRequest.EXIT_FAILED);
        }
    }

    private void stopAgain(String name, long nanosLater) {
        if (nanosLater > ECHO.toNanos()) {
            endAtOnce("second signal (SIG" + name + "): ending at once", StopRequest.EXIT_FAILED);
        }
    }

    private void endAtOnce(String reason, int exitCode) {
        LOG.log(System.Logger.Level.WARNING, reason); // written when this returns
        end.accept(exitCode);
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }
}
