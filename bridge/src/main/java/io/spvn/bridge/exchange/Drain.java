package io.spvn.bridge.exchange;

import io.spvn.bridge.exchange.DrainRules.Response;

/// How far an app's request has been brought to its end, since the server stops. Made with the
/// first look at it, so that requests of a server that goes on cost nothing. Guarded by the
/// exchange's monitor.
public final class Drain {
    /// What follows for the app from a look at its request; the numbers are those of
    /// `spvn_bridge.http`.
    public enum Order {
        NONE(0),
        /// It is told from now on: who waits in `receive()` has to ask again.
        TELL(1),
        /// An event stream that has not asked in another half of the grace: its task is to be
        /// cancelled, as happens to it when its client leaves.
        CANCEL(2);

        private final int number;

        Order(int number) {
            this.number = number;
        }

        public int number() {
            return number;
        }
    }

    private long progress = -1;
    private long quietSince;
    private long toldAt;
    private boolean told;
    private boolean heard;
    private boolean cancelled;

    Drain() {}

    /// Whether `receive()` has the disconnect for the app.
    boolean told() {
        return told;
    }

    /// The app has asked in `receive()`.
    ///
    /// @return whether it is told
    boolean asked() {
        heard |= told;
        return told;
    }

    /// @param begun nanoseconds since the server was told to stop
    Order look(PendingWrites writes, Listener listener, long now, long begun, long grace) {
        if (writes.progress() != progress) {
            progress = writes.progress();
            quietSince = now;
        }
        Response response = DrainRules.kind(writes.started());
        if (told) {
            return cancels(response, now - toldAt > grace / 2) ? Order.CANCEL : Order.NONE;
        }
        boolean quiet = now - quietSince >= grace && writes.bytes() == 0;
        if (begun < grace || !DrainRules.due(response, listener, quiet)) {
            return Order.NONE;
        }
        told = true;
        toldAt = now;
        return Order.TELL;
    }

    private boolean cancels(Response response, boolean late) {
        boolean due = response == Response.EVENTS && late && !heard && !cancelled;
        cancelled |= due;
        return due;
    }
}
