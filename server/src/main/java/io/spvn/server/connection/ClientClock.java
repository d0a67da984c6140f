package io.spvn.server.connection;

import java.time.Duration;

/// How long the client of one connection may take for what it owes next. The reader sets it, and
/// the responder at the end of a response; the registry's thread takes what is overdue.
public final class ClientClock {
    /// A client that was active this recently may have its next request on the way.
    private static final Duration RECENT = Duration.ofSeconds(1);

    /// How long such a request is waited for when the server stops.
    private static final Duration LAST_CALL = Duration.ofMillis(250);

    /// How long an idle connection is kept while clients make the server hold all it can.
    private static final Duration WHILE_FULL = Duration.ofSeconds(5);

    /// How long a client may take to see the end of its connection, and the same when the server is
    /// about to end.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final Duration SHORT_PATIENCE = Duration.ofMillis(500);

    private final ReadClock clock = new ReadClock();
    private final Registry registry;
    private final Timeouts timeouts;

    ClientClock(Registry registry, Timeouts timeouts) {
        this.registry = registry;
        this.timeouts = timeouts;
    }

    /// From now on the client owes `due`. Others than the ends of connections go by
    /// [Ending#expect].
    void expect(Due due) {
        switch (due) {
            case NOTHING -> clock.stop();
            case LEAVE -> clock.awaitLeave();
            case HANDSHAKE -> expect(due, timeouts.handshake());
            case FIRST_BYTE, HEAD -> expect(due, timeouts.header());
            case BODY -> expect(due, timeouts.body());
            case REQUEST -> expect(due, keepAlive());
            case END -> expect(due, registry.stopping() ? SHORT_PATIENCE : PATIENCE);
        }
    }

    private void expect(Due due, Duration time) {
        clock.expect(due, registry.now() + time.toNanos());
    }

    /// A client that has waited for leave to send its body has got it.
    public void leaveGiven() {
        clock.leaveGiven(Due.BODY, registry.now() + timeouts.body().toNanos());
    }

    /// A response has been written. If the client is still busy with its body, nothing changes.
    ///
    /// @param headBegun whether a part of the next request has come already
    public void expectNext(boolean headBegun) {
        if (headBegun) {
            clock.expectNext(Due.HEAD, registry.now() + timeouts.header().toNanos());
        } else {
            clock.expectNext(Due.REQUEST, registry.now() + keepAlive().toNanos());
        }
    }

    private Duration keepAlive() {
        Duration allowed = timeouts.keepAlive();
        boolean shortly = registry.ledger().isFull() && allowed.compareTo(WHILE_FULL) > 0;
        return shortly ? WHILE_FULL : allowed;
    }

    /// Idle connections are what the server lets go first.
    void hurryIdle(long now) {
        if (registry.ledger().isFull()) {
            clock.hasten(Due.REQUEST, now + WHILE_FULL.toNanos(), Due.REQUEST);
        }
    }

    /// The client owes nothing.
    ///
    /// @return false when its time was up before
    public boolean stop() {
        return clock.stop();
    }

    /// Something was read: a client that was late with its request is not let go for that.
    public void arrived() {
        clock.arrived();
    }

    /// What is overdue; said once.
    Due takeLate(long now) {
        return clock.takeLate(now);
    }

    /// Whether the time for a request was up at the last look, and nothing has come since.
    boolean isLetGoNext() {
        return clock.isSeen();
    }

    /// A client without a request is let go, unless one has come.
    ///
    /// @return whether it is
    boolean letGo() {
        return clock.letGo();
    }

    /// A client whose request has come to the system has its time again, unless it was read.
    void stay() {
        clock.stay(Due.FIRST_BYTE, registry.now() + timeouts.header().toNanos());
    }

    /// The server stops. A client that was active until now may have sent its next request already:
    /// that one is waited for, a moment.
    ///
    /// @return whether the client has been silent for a while, so that it can be let go at once
    boolean windDown(long now) {
        long longSilent = now + timeouts.keepAlive().minus(RECENT).toNanos();
        if (clock.takeDueBefore(Due.REQUEST, longSilent)) {
            return true;
        }
        long lastCall = now + LAST_CALL.toNanos();
        clock.hasten(Due.REQUEST, lastCall, Due.END);
        clock.hasten(Due.FIRST_BYTE, lastCall, Due.END);
        clock.hasten(Due.HANDSHAKE, lastCall, Due.END);
        clock.hasten(Due.HEAD, now + RECENT.toNanos(), Due.HEAD);
        return false;
    }
}
