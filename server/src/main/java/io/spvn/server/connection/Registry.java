package io.spvn.server.connection;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.process.PromptThread;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The open connections, and the one thread that watches their deadlines.
///
/// A blocking read or write has no time limit of its own, so a connection notes until when it is
/// willing to wait, and the registry's thread looks at those notes every [#TICK] and has the late
/// ones closed, which ends their wait. That costs a request nothing but a write of a field, and the
/// clock that such notes are made with is read by this thread alone. It looks at a share of the
/// connections at a time: when thousands are late, the work of closing them is spread, and others
/// are served in between.
public final class Registry implements AutoCloseable {
    /// How often deadlines are looked at; they are this much late at most.
    public static final Duration TICK = Duration.ofMillis(50);

    static final int SHARES = 5;

    private final List<Set<TimedConnection>> shares =
            Stream.<Set<TimedConnection>>generate(ConcurrentHashMap::newKeySet)
                    .limit(SHARES)
                    .toList();
    private final AtomicInteger admitted = new AtomicInteger();
    private final int limit;
    private final Ledger ledger;
    private final Runnable alsoOnTick;
    private final Thread watcher;
    private final LongAdder bytesReceived = new LongAdder();
    private final LongAdder bytesSent = new LongAdder();
    private volatile long now = System.nanoTime();
    private volatile long stopBy;
    private volatile boolean stopping;
    private volatile boolean closed;

    /// @param limit connections at most
    /// @param ledger what clients make the server hold, connections included
    /// @param alsoOnTick called with each tick, on the registry's thread; must not block
    public Registry(int limit, Ledger ledger, Runnable alsoOnTick) {
        this.limit = limit;
        this.ledger = ledger;
        this.alsoOnTick = alsoOnTick;
        this.watcher = new PromptThread("connection-deadlines", this::watch);
    }

    /// Begins to watch.
    public void start() {
        watcher.start();
    }

    /// Enters a connection.
    ///
    /// @return whether it may be served; those above the limit are entered as well, so that their
    ///   refusal has a deadline
    boolean add(TimedConnection connection) {
        shareOf(connection).add(connection);
        if (admitted.incrementAndGet() <= limit && ledger.take(Ledger.CONNECTION)) {
            return true;
        }
        admitted.decrementAndGet();
        return false;
    }

    /// Forgets a connection.
    ///
    /// @param wasAdmitted what [#add] has said of it
    void remove(TimedConnection connection, boolean wasAdmitted) {
        shareOf(connection).remove(connection);
        if (wasAdmitted) {
            admitted.decrementAndGet();
            ledger.giveBack(Ledger.CONNECTION);
        }
    }

    private Set<TimedConnection> shareOf(TimedConnection connection) {
        return shares.get(System.identityHashCode(connection) % SHARES);
    }

    public int size() {
        return shares.stream().mapToInt(Set::size).sum();
    }

    /// What clients make the server hold.
    public Ledger ledger() {
        return ledger;
    }

    /// Clients have sent so many bytes more.
    void received(int bytes) {
        bytesReceived.add(bytes);
    }

    /// Clients were sent so many bytes more.
    void sent(int bytes) {
        bytesSent.add(bytes);
    }

    /// Bytes from all clients so far.
    public long bytesReceived() {
        return bytesReceived.sum();
    }

    /// Bytes to all clients so far.
    public long bytesSent() {
        return bytesSent.sum();
    }

    /// Connections are to end: those idle for a second at once, others that are idle after a
    /// moment, the rest with what they have in hand, all of them in `limit`.
    public void stop(Duration limit) {
        stopBy = System.nanoTime() + limit.toNanos();
        stopping = true;
    }

    public boolean stopping() {
        return stopping;
    }

    /// Nanoseconds on a clock that moves several times each [#TICK]; comparable with
    /// [System#nanoTime].
    public long now() {
        return now;
    }

    private void watch() {
        while (!closed) {
            for (int share = 0; share < SHARES; share++) {
                LockSupport.parkNanos(TICK.toNanos() / SHARES);
                look(share, System.nanoTime());
            }
            endTick();
        }
    }

    /// Sets the clock, and has a share of the connections look at it.
    void look(int share, long moment) {
        now = moment;
        shares.get(share).forEach(connection -> guarded(() -> connection.tick(moment)));
    }

    /// All shares have been looked at.
    void endTick() {
        guarded(alsoOnTick);
        if (stopping && now - stopBy > 0) {
            shares.forEach(share -> share.forEach(late -> guarded(late::timeIsUp)));
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
