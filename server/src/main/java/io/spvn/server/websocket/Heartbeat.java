package io.spvn.server.websocket;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Whether the client of a WebSocket is asked for a sign of life, and whether it has given one.
/// Whatever it sends is one: who is busy with a long message cannot answer within it.
///
/// The reader calls [#heard], the registry's thread [#look].
final class Heartbeat {
    /// What is to be done.
    enum Order {
        NOTHING,
        /// Send a ping.
        ASK,
        /// The client has not answered in time.
        GIVE_UP
    }

    private final long interval; // 0: never
    private final long timeout; // 0: any time
    private volatile long heardAt;
    private long askedAt; // 0: not, or answered; of the registry's thread

    Heartbeat(@Nullable Duration interval, @Nullable Duration timeout, long now) {
        this.interval = interval == null ? 0 : interval.toNanos();
        this.timeout = timeout == null ? 0 : timeout.toNanos();
        this.heardAt = now;
    }

    void heard(long now) {
        heardAt = now;
    }

    /// What is due.
    ///
    /// @param deaf whether the client is not listened to for now: its app reads nothing
    Order look(long now, boolean deaf) {
        long heard = heardAt;
        if (interval == 0) {
            return Order.NOTHING;
        }
        if (askedAt != 0 && heard - askedAt >= 0) {
            askedAt = 0;
        }
        if (askedAt == 0) {
            return now - heard >= interval ? ask(now) : Order.NOTHING;
        }
        if (deaf) {
            askedAt = now; // its time begins when it is listened to again
        }
        return timeout != 0 && now - askedAt >= timeout ? Order.GIVE_UP : Order.NOTHING;
    }

    private Order ask(long now) {
        askedAt = now;
        return Order.ASK;
    }
}
