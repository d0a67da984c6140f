package io.spvn.bridge.process;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ResponseSink;
import java.util.ArrayDeque;

/// Writes responses on the thread that hands them over, as far as their clients take them at once;
/// what would have to wait for a client goes to another sink. For that thread alone.
final class DirectSink implements ResponseSink {
    private final ResponseSink patient;
    private final ArrayDeque<Exchange> ready = new ArrayDeque<>();

    /// @param patient may wait for clients; not closed from here
    DirectSink(ResponseSink patient) {
        this.patient = patient;
    }

    @Override
    public void ready(Exchange exchange) {
        ready.add(exchange);
    }

    @Override
    public void flush() {
        boolean left = false;
        for (Exchange next = ready.poll(); next != null; next = ready.poll()) {
            if (!next.transport().writeAtOnce(next)) {
                patient.ready(next);
                left = true;
            }
        }
        if (left) {
            patient.flush();
        }
    }

    /// Nothing: the other one is looked after by who has made it.
    @Override
    public void tick() {}

    @Override
    public void close() {
        flush();
    }
}
