package io.spvn.bridge.process;

import io.spvn.bridge.exchange.Exchange;

/// An exchange that a child has in hand, and what the child waits for in it. Guarded by the feeder:
/// only who feeds uses its flags, but for [#exchange].
final class Ticket {
    final Exchange exchange;
    final int number;

    /// The child has asked for the next event, or gets it unasked since it is the first.
    volatile boolean wantsEvent = true;

    /// The app waits for it, so a client that waits for leave to send its body gets it.
    volatile boolean appWaits;

    /// The child sends nothing more until it hears that there is room.
    volatile boolean wantsRoom;

    /// The child knows that nobody reads the response.
    boolean toldGone;

    Ticket(Exchange exchange, int number) {
        this.exchange = exchange;
        this.number = number;
    }
}
