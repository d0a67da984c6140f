package io.spvn.server;

import io.spvn.server.process.Signals;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/// What a signal does, by when it comes:
///
///                    during the start   while it serves   during a stop by signal
///     INT, TERM      ends at once: 1    stops             ends at once: 1
///     HUP            ends at once: 129  ends at once: 129 ends at once: 129
///
/// Nobody waits for a start-up or a stop that is not wanted, or for anything once the terminal has
/// gone. What a signal does runs on threads of the JVM; [#install] is for any thread.
final class StopSignals {
    private static final System.Logger LOG = System.getLogger(StopSignals.class.getName());

    /// What a shell makes of an end by SIGHUP.
    private static final int EXIT_HANGUP = 129;

    private enum Phase {
        STARTING,
        SERVING,
        STOPPING
    }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);
    private final Duration limit;
    private final Runnable stop;
    private final IntConsumer end;

    /// @param limit of a stop
    /// @param stop makes the server stop; returns at once
    /// @param end ends the process at once, with an exit code
    StopSignals(Duration limit, Runnable stop, IntConsumer end) {
        this.limit = limit;
        this.stop = stop;
        this.end = end;
    }

    /// Takes the signals over, from Python as well, which takes SIGINT for itself when it starts.
    void install() {
        Signals.handle(this::arrived);
    }

    /// The start is over.
    void serving() {
        phase.compareAndSet(Phase.STARTING, Phase.SERVING);
    }

    /// @param name of the signal, without SIG
    void arrived(String name) {
        if (name.equals(Signals.HANGUP)) {
            endAtOnce("SIGHUP, the terminal has gone: ending at once", EXIT_HANGUP);
        } else if (phase.compareAndSet(Phase.SERVING, Phase.STOPPING)) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "SIG%s: stopping, within %s; a second signal ends at once"
                            .formatted(name, seconds(limit)));
            stop.run();
        } else if (phase.get() == Phase.STOPPING) {
            endAtOnce("second signal (SIG" + name + "): ending at once", StopRequest.EXIT_FAILED);
        } else {
            endAtOnce("SIG" + name + " during the start: ending at once", StopRequest.EXIT_FAILED);
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
