package io.spvn.bridge.worker;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The state of one worker. Any thread may read, which costs no lock, and wait; moves that
/// [WorkerState] does not have are refused.
public final class WorkerLife {
    private volatile WorkerState state = WorkerState.NEW;
    private volatile @Nullable Boot end;

    /// Of a worker that is still to be started.
    public WorkerLife() {}

    /// Moves on, if there is that move.
    ///
    /// @return whether there is
    public synchronized boolean move(WorkerState to) {
        if (!state.leadsTo(to)) {
            return false;
        }
        state = to;
        notifyAll();
        return true;
    }

    /// It has ended.
    ///
    /// @param how why it did
    public void end(Boot how) {
        end = how;
        move(WorkerState.ENDED);
    }

    /// How it has ended, null while it lives.
    public @Nullable Boot end() {
        return end;
    }

    public WorkerState now() {
        return state;
    }

    /// Waits until it serves, or has done so.
    ///
    /// @return null then, else why it does not
    public @Nullable Boot awaitServing(Duration limit) throws InterruptedException {
        if (!await(WorkerState.SERVING, limit)) {
            return new Boot(
                    Boot.Outcome.STARTUP,
                    "the app is still not imported and started after " + limit.toSeconds() + " s",
                    "",
                    "");
        }
        return state == WorkerState.ENDED ? end : null;
    }

    /// Waits until the state is `wanted` or later.
    ///
    /// @return false when that took longer than `limit`
    public synchronized boolean await(WorkerState wanted, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!state.isAtLeast(wanted)) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }
}
