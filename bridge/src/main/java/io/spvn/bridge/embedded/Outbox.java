package io.spvn.bridge.embedded;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ResponseSink;
import java.util.function.BooleanSupplier;

/// When what the app sends is handed over to be written: at the end of a batch of requests, or
/// earlier when the batch has gone on for [#SLICE_NANOS], so that clients and Python do not take
/// turns.
///
///     sent                         handed over
///     within a batch               at its end, and once in a slice before
///     outside of a batch           at the end of the loop's present turn, and once in a slice before
///     from a thread without loop   at once
///
/// Called under the worker's GIL.
final class Outbox {
    static final long SLICE_NANOS = 300_000;

    private final ResponseSink sink;
    private final BooleanSupplier requestFlush;
    private boolean inBatch;
    private boolean dirty;
    private long flushedAt;

    /// @param requestFlush has [#flush] called at the end of the loop's present turn; says false
    ///   when the calling thread runs no loop
    Outbox(ResponseSink sink, BooleanSupplier requestFlush) {
        this.sink = sink;
        this.requestFlush = requestFlush;
    }

    /// A batch has begun or goes on: it ends with a [#flush].
    void beginBatch() {
        inBatch = true;
    }

    /// `exchange` has something to write.
    void ready(Exchange exchange) {
        ready(exchange, System.nanoTime());
    }

    void ready(Exchange exchange, long now) {
        sink.ready(exchange);
        if (!dirty) {
            dirty = true;
            flushedAt = now;
            if (!inBatch && !requestFlush.getAsBoolean()) {
                handOver();
            }
        } else if (now - flushedAt > SLICE_NANOS) {
            flushedAt = now;
            sink.flush();
        }
    }

    /// The batch, or the loop's turn, is over.
    void flush() {
        inBatch = false;
        handOver();
    }

    private void handOver() {
        if (dirty) {
            dirty = false;
            sink.flush();
        }
    }
}
