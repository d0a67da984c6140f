package io.spvn.server.connection;

import io.spvn.server.connection.ReadClock.Due;
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

    private final ReadClock clock = new ReadClock();
    private final Registry registry;
    private final Timeouts timeouts;

    public ClientClock(Registry registry, Timeouts timeouts) {
        this.registry = registry;
        this.timeouts = timeouts;
    }

    public void expectFirstByte() {
        expect(Due.FIRST_BYTE, timeouts.header());
    }

    public void expectHead() {
        expect(Due.HEAD, timeouts.header());
    }

    public void expectRequest() {
        expect(Due.REQUEST, keepAlive());
    }

    public void expectBody() {
        expect(Due.BODY, timeouts.body());
    }

    /// The client waits for leave to send its body, and owes nothing before it has it.
    public void awaitLeave() {
        clock.awaitLeave();
    }

    /// The client has got that leave.
    public void leaveGiven() {
        clock.leaveGiven(Due.BODY, registry.now() + timeouts.body().toNanos());
    }

    /// The connection is over; the client may take this long to see that.
    public void expectEnd(Duration time) {
        expect(Due.END, time);
    }

    private void expect(Due due, Duration time) {
        clock.expect(due, registry.now() + time.toNanos());
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
    public void hurryIdle(long now) {
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

    /// What is overdue; said once.
    public Due takeLate(long now) {
        return clock.takeLate(now);
    }

    /// The server stops. A client that was active until now may have sent its next request already:
    /// that one is waited for, a moment.
    ///
    /// @return whether the client has been silent for a while, so that it can be let go at once
    public boolean windDown(long now) {
        long longSilent = now + timeouts.keepAlive().minus(RECENT).toNanos();
        if (clock.takeDueBefore(Due.REQUEST, longSilent)) {
            return true;
        }
        long lastCall = now + LAST_CALL.toNanos();
        clock.hasten(Due.REQUEST, lastCall, Due.END);
        clock.hasten(Due.FIRST_BYTE, lastCall, Due.END);
        clock.hasten(Due.HEAD, now + RECENT.toNanos(), Due.HEAD);
        return false;
    }
}
