package io.spvn.bridge.exchange;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Keeps what is ready, and writes nothing. For any thread.
public final class KeptSink implements ResponseSink {
    /// In the order in which it came.
    public final List<Exchange> ready = Collections.synchronizedList(new ArrayList<>());

    /// Nothing is ready yet.
    public KeptSink() {}

    @Override
    public void ready(Exchange exchange) {
        ready.add(exchange);
    }

    @Override
    public void flush() {}

    @Override
    public void tick() {}

    @Override
    public void close() {}
}
