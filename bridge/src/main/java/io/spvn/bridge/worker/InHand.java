package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;

/// A request that is not answered yet, and where it is.
///
/// @param exchange the request
/// @param worker that has it in hand, [#QUEUE] while none has
public record InHand(Exchange exchange, int worker) {
    /// In place of a worker: it waits for one.
    public static final int QUEUE = -1;
}
