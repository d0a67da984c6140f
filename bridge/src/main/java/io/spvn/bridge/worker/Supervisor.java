package io.spvn.bridge.worker;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/// Has workers replaced, killed, added and retired, on one platform thread of its own: it does one
/// thing at a time, always the first in the order of its duties that there is to do. Whoever wants
/// something asks the duty, wakes the thread, and goes on.
///
/// [#begin] and [#close] are for the pool, the rest for any thread.
final class Supervisor {
    private static final System.Logger LOG = System.getLogger(Supervisor.class.getName());

    private final List<Duty> duties;
    private final LongSupplier clock;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("supervisor").unstarted(this::run);
    private boolean begun; // all three guarded by the monitor
    private boolean closed;
    private boolean woken;

    /// @param duties the most urgent first
    /// @param clock as [System#nanoTime]
    Supervisor(List<Duty> duties, LongSupplier clock) {
        this.duties = duties;
        this.clock = clock;
    }

    /// Sees to its duties from now on.
    synchronized void begin() {
        if (!begun && !closed) {
            begun = true;
            thread.start();
        }
    }

    /// Whether it has begun and goes on.
    synchronized boolean active() {
        return begun && !closed;
    }

    /// Begins nothing any more. Does not wait for what it is at.
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    /// There may be something to do.
    synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /// Wakes it when something is due. Called often; does not block.
    void tick(long now) {
        for (Duty duty : duties) {
            if (duty.due(now)) {
                wake();
                return;
            }
        }
    }

    private void run() {
        try {
            while (awaitWork()) {
                attend();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean awaitWork() throws InterruptedException {
        while (!woken && !closed) {
            wait();
        }
        woken = false;
        return !closed;
    }

    private void attend() throws InterruptedException {
        boolean more = true;
        while (more && active()) {
            more = attendFirst();
        }
    }

    private boolean attendFirst() throws InterruptedException {
        for (Duty duty : duties) {
            try {
                if (duty.attend(clock.getAsLong())) {
                    return true;
                }
            } catch (CancellationException stopping) {
                return false;
            } catch (RuntimeException failure) {
                LOG.log(System.Logger.Level.ERROR, "supervisor: " + failure, failure);
            }
        }
        return false;
    }
}
