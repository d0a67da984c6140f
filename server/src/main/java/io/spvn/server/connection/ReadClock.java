package io.spvn.server.connection;

import java.util.concurrent.atomic.AtomicLong;

/// Until when the client may stay silent, and what is overdue then.
///
/// The reader and the responder set it, the registry's thread looks at it. Time and reason are one
/// number, so that they change together, and so that a head which is complete at the very moment
/// its time is up is either read or timed out, never both.
final class ReadClock {
    /// The lowest bits of the number say what is due: a time loses less than twenty nanoseconds.
    private static final long REASON = 15;

    private static final long EXPIRED = REASON;

    /// The time for a request was up, and it may still have come in that moment.
    private static final long SEEN = REASON - 1;

    private final AtomicLong note = new AtomicLong();

    /// The client has until `moment`, on the registry's clock.
    void expect(Due due, long moment) {
        note.set((moment & ~REASON) | due.bits());
    }

    /// The client owes nothing until [#leaveGiven].
    void awaitLeave() {
        note.set(Due.LEAVE.bits());
    }

    /// A client that has waited for leave owes `due` until `moment`.
    void leaveGiven(Due due, long moment) {
        note.compareAndSet(Due.LEAVE.bits(), (moment & ~REASON) | due.bits());
    }

    /// The client has until `moment`, if it owes nothing already, or owed something whose time was
    /// up when nothing could be done about it.
    void expectNext(Due due, long moment) {
        long seen = note.get();
        if (seen == 0 || seen == SEEN || seen == EXPIRED) {
            note.compareAndSet(seen, (moment & ~REASON) | due.bits());
        }
    }

    /// The client owes nothing.
    ///
    /// @return false when its time was up before; for a request, when the client was let go
    boolean stop() {
        return note.getAndSet(0) != EXPIRED;
    }

    /// What is overdue; said once. A request is [#isSeen] from then on, until it is there after
    /// all, or its client is let go.
    Due takeLate(long now) {
        long seen = note.get();
        Due due = Due.of(seen & REASON);
        boolean late = due != Due.NOTHING && due != Due.LEAVE && now - (seen & ~REASON) > 0;
        boolean idle = due == Due.FIRST_BYTE || due == Due.REQUEST;
        return late && note.compareAndSet(seen, idle ? SEEN : EXPIRED) ? due : Due.NOTHING;
    }

    /// Whether the time for a request was up at the last look, and nothing has come since.
    boolean isSeen() {
        return note.get() == SEEN;
    }

    /// A client without a request is let go, unless one has come.
    ///
    /// @return whether it is
    boolean letGo() {
        return note.compareAndSet(SEEN, EXPIRED);
    }

    /// A client whose request has come to the system has until `moment` again, unless it was read.
    void stay(Due due, long moment) {
        note.compareAndSet(SEEN, (moment & ~REASON) | due.bits());
    }

    /// Something has come of a request whose time was up.
    void arrived() {
        note.compareAndSet(SEEN, 0);
    }

    /// Brings the time forward to `moment` if `due` is what the client owes, and it has longer.
    void hasten(Due due, long moment, Due instead) {
        long seen = note.get();
        if (Due.of(seen & REASON) == due && seen - moment > 0) {
            note.compareAndSet(seen, (moment & ~REASON) | instead.bits());
        }
    }

    /// Whether `due` is what the client owes, and it has at most until `moment`. If so its time is
    /// up.
    boolean takeDueBefore(Due due, long moment) {
        long seen = note.get();
        return Due.of(seen & REASON) == due
                && seen - moment < 0
                && note.compareAndSet(seen, EXPIRED);
    }
}
