package io.spvn.server.http2;

import io.spvn.bridge.exchange.Rejected;
import java.util.EnumMap;
import java.util.Map;

/// What a client may do that costs the server something and does no good, before its connection
/// ends with ENHANCE_YOUR_CALM. Each kind has so much at once, is given more as time goes by, and
/// earns it back by work that was done for the client: a client that acknowledges every small piece
/// of a long stream is none that floods.
///
/// The reader's thread spends; any thread notes work. Work is looked at only where a budget is
/// spent, so it costs an addition.
final class Budgets {
    /// The kinds of cost.
    enum Kind {
        /// The client resets a stream that was not answered yet (CVE-2023-44487). All streams of a
        /// client may be cancelled at once.
        RESET(Rejected.HTTP2_RESETS, 256, 20, 1),
        /// The client makes the server reset a stream, in whatever way (CVE-2025-8671).
        MADE_RESET(Rejected.HTTP2_RESETS, 100, 10, 1),
        PING(Rejected.HTTP2_FLOOD, 100, 10, 1),
        SETTINGS(Rejected.HTTP2_FLOOD, 32, 2, 0),
        /// PRIORITY and PRIORITY_UPDATE.
        PRIORITY(Rejected.HTTP2_FLOOD, 256, 20, 4),
        /// A small one, or one of a stream that is not there any more.
        WINDOW_UPDATE(Rejected.HTTP2_FLOOD, 1000, 200, 4),
        /// DATA without content that does not end a stream, or of a stream that is over.
        EMPTY_DATA(Rejected.HTTP2_FLOOD, 100, 10, 0),
        /// Padding, in bytes.
        PADDING(Rejected.HTTP2_FLOOD, 64 * 1024, 16 * 1024, 1024),
        /// Frames of types that nobody knows.
        UNKNOWN(Rejected.HTTP2_FLOOD, 100, 10, 0),
        /// Requests refused, those above the limit of streams among them.
        REFUSED(Rejected.HTTP2_FLOOD, 200, 50, 1);

        private final Rejected reason;
        private final int atOnce;
        private final int perSecond;
        private final int perWork;

        Kind(Rejected reason, int atOnce, int perSecond, int perWork) {
            this.reason = reason;
            this.atOnce = atOnce;
            this.perSecond = perSecond;
            this.perWork = perWork;
        }
    }

    private static final double SECOND = 1e9;

    private final Map<Kind, Balance> balances = new EnumMap<>(Kind.class);
    private volatile long work; // pieces; an addition that is lost costs nobody much

    /// What is left of a kind that something was spent of.
    private static final class Balance {
        private double left;
        private long spentAt;
        private long workAt;

        Balance(double left, long now, long work) {
            this.left = left;
            this.spentAt = now;
            this.workAt = work;
        }
    }

    /// Something was done for the client: a piece of a response written, a piece of a body given to
    /// the app.
    @SuppressWarnings("NonAtomicVolatileUpdate") // see there
    void worked() {
        work++;
    }

    /// Spends one of a kind.
    void spend(Kind kind, long now) throws Http2Error {
        spend(kind, 1, now);
    }

    /// @param now [System#nanoTime]
    /// @throws Http2Error when there is no more left
    void spend(Kind kind, int count, long now) throws Http2Error {
        long done = work;
        Balance balance = balances.computeIfAbsent(kind, _ -> new Balance(kind.atOnce, now, done));
        double earned =
                (now - balance.spentAt) / SECOND * kind.perSecond
                        + (double) (done - balance.workAt) * kind.perWork;
        balance.spentAt = now;
        balance.workAt = done;
        balance.left = Math.min(kind.atOnce, balance.left + earned) - count;
        if (balance.left < 0) {
            throw Http2Error.ofConnection(
                    ErrorCode.ENHANCE_YOUR_CALM, kind.reason, "too many: " + kind.name());
        }
    }
}
