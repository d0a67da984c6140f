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
        if (seen == 0 || seen == EXPIRED) {
            note.compareAndSet(seen, (moment & ~REASON) | due.bits());
        }
    }

    /// The client owes nothing.
    ///
    /// @return false when its time was up before
    boolean stop() {
        return note.getAndSet(0) != EXPIRED;
    }

    /// What is overdue; said once.
    Due takeLate(long now) {
        long seen = note.get();
        Due due = Due.of(seen & REASON);
        boolean late = due != Due.NOTHING && due != Due.LEAVE && now - (seen & ~REASON) > 0;
        return late && note.compareAndSet(seen, EXPIRED) ? due : Due.NOTHING;
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
