package io.spvn.bridge.exchange;

import io.spvn.bridge.exchange.Access.Moments;

/// When what has happened to an [Exchange], by [System#nanoTime]. What only its end tells is kept
/// only where that was asked for.
abstract sealed class Timed permits Exchange {
    private final long createdAt;
    private volatile long queuedAt;

    // By the monitor, but for the worker that is about to take it.
    private boolean keeps;
    private long takenAt;
    private long saidAt;

    Timed(long createdAt) {
        this.createdAt = createdAt;
        this.queuedAt = createdAt;
    }

    /// [System#nanoTime] when it was made.
    public final long createdAt() {
        return createdAt;
    }

    /// It is about to be queued.
    public final void queued() {
        queuedAt = System.nanoTime();
    }

    /// [System#nanoTime] when it was queued; waiting for a worker is measured from here.
    public final long queuedAt() {
        return queuedAt;
    }

    /// From now on, [#moments] are kept. Before others know of it.
    public final void keepMoments() {
        keeps = true;
    }

    /// A worker is about to take it, which has waited so long in the queue.
    final void admitted(long waitedNanos) {
        takenAt = queuedAt + waitedNanos;
    }

    /// Nothing is awaited of the app any more. Under the monitor, once.
    final void said() {
        if (keeps) {
            saidAt = System.nanoTime();
        }
    }

    /// What has happened when.
    public final synchronized Moments moments() {
        if (!keeps) {
            return Moments.NONE;
        }
        return new Moments(
                createdAt,
                queuedAt == createdAt ? Moments.NEVER : queuedAt - createdAt,
                sinceHead(takenAt),
                sinceHead(saidAt));
    }

    private long sinceHead(long moment) {
        return moment == 0 ? Moments.NEVER : moment - createdAt;
    }
}
