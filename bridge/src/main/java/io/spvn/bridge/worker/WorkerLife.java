package io.spvn.bridge.worker;

import java.time.Duration;

/// The state of one worker. Any thread may read, which costs no lock, and wait; moves that
/// [WorkerState] does not have are refused.
public final class WorkerLife {
    private volatile WorkerState state = WorkerState.NEW;

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

    public WorkerState now() {
        return state;
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
