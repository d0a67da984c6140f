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

    /// UNTOLD -> TOLD -> HEARD or CANCELLED
    private enum State {
        UNTOLD,
        /// `receive()` has the disconnect for the app.
        TOLD,
        /// The app has got it there.
        HEARD,
        CANCELLED
    }

    private State state = State.UNTOLD;
    private long progress = -1;
    private long quietSince;
    private long toldAt;

    Drain() {}

    /// Whether `receive()` has the disconnect for the app.
    boolean told() {
        return state != State.UNTOLD;
    }

    /// The app has asked in `receive()`.
    ///
    /// @return whether it is told
    boolean asked() {
        if (state == State.TOLD) {
            state = State.HEARD;
        }
        return told();
    }

    /// @param begun nanoseconds since the server was told to stop
    Order look(PendingWrites writes, Receiver listener, long now, long begun, long grace) {
        if (writes.progress() != progress) {
            progress = writes.progress();
            quietSince = now;
        }
        Response response = DrainRules.kind(writes.started());
        if (told()) {
            return cancel(response, now - toldAt > grace / 2);
        }
        boolean quiet = now - quietSince >= grace && writes.bytes() == 0;
        if (begun < grace || !DrainRules.due(response, listener, quiet)) {
            return Order.NONE;
        }
        state = State.TOLD;
        toldAt = now;
        return Order.TELL;
    }

    private Order cancel(Response response, boolean late) {
        if (state != State.TOLD || response != Response.EVENTS || !late) {
            return Order.NONE;
        }
        state = State.CANCELLED;
        return Order.CANCEL;
    }
}
