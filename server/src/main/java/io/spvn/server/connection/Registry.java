package io.spvn.server.connection;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/// The open connections, and the one thread that watches their deadlines.
///
/// A blocking read or write has no time limit of its own, so a connection notes until when it is
/// willing to wait, and the registry's thread looks at those notes every [#TICK] and has the late
/// ones closed, which ends their wait. That costs a request nothing but a write of a field, and the
/// clock that such notes are made with is read by this thread alone.
public final class Registry implements AutoCloseable {
    /// How often deadlines are looked at; they are this much late at most.
    public static final Duration TICK = Duration.ofMillis(50);

    private final Set<TimedConnection> connections = ConcurrentHashMap.newKeySet();
    private final int limit;
    private final Runnable alsoOnTick;
    private final Thread watcher;
    private volatile long now = System.nanoTime();
    private final CountDownLatch open = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile boolean closed;

    /// @param limit connections at most
    /// @param alsoOnTick called with each tick, on the registry's thread; must not block
    public Registry(int limit, Runnable alsoOnTick) {
        this.limit = limit;
        this.alsoOnTick = alsoOnTick;
        this.watcher = Thread.ofPlatform().daemon().name("connection-deadlines").start(this::watch);
    }

    public void add(TimedConnection connection) {
        connections.add(connection);
    }

    /// Whether there are more than the server has descriptors for. Each listener keeps to the limit
    /// by itself, so this happens only with several of them.
    public boolean isOverLimit() {
        return connections.size() > limit;
    }

    public void remove(TimedConnection connection) {
        connections.remove(connection);
    }

    public int size() {
        return connections.size();
    }

    /// Lets connections begin.
    public void open() {
        open.countDown();
    }

    /// Waits until connections may begin: the listener accepts before the server has given up the
    /// rights it needed for binding.
    public void awaitOpen() throws InterruptedException {
        open.await();
    }

    /// Connections that are only now accepted are to end at once.
    public void stop() {
        stopping = true;
    }

    public boolean stopping() {
        return stopping;
    }

    /// Nanoseconds on a clock that moves every [#TICK]; comparable with [System#nanoTime].
    public long now() {
        return now;
    }

    /// Ends every connection at once.
    public void abortAll() {
        connections.forEach(TimedConnection::abort);
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(TICK.toNanos());
            now = System.nanoTime();
            guarded(alsoOnTick);
            connections.forEach(connection -> guarded(() -> connection.tick(now)));
        }
    }

    /// All deadlines depend on this thread, so nothing that one of them does may end it.
    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (Throwable failure) {
            System.getLogger(Registry.class.getName())
                    .log(System.Logger.Level.ERROR, "deadlines: a step failed", failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watcher);
    }
}
