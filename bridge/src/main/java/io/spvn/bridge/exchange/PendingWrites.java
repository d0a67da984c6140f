package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What the app has said and the transport has not yet written, in order. Guarded by the exchange's
/// monitor.
///
/// The start of a response is kept until the first piece of its body, so that both make one write.
final class PendingWrites {
    private final ArrayDeque<Write> writes = new ArrayDeque<>(2);
    private final ResponseLength length;
    private Outbound.@Nullable ResponseStart start;
    private long bytes;

    /// @param silent whether the response has no body whatever its head says
    PendingWrites(boolean silent) {
        this.length = new ResponseLength(silent);
    }

    void hold(Outbound.ResponseStart begin) {
        length.declare(begin);
        start = begin;
    }

    void add(Outbound.ResponseBody piece) {
        length.add(piece.data().length());
        Outbound.ResponseStart begin = start;
        if (begin != null) {
            start = null;
            writes.add(new Write.Start(begin, piece.more() ? -1 : piece.data().length()));
        }
        writes.add(new Write.Body(piece));
        bytes += piece.data().length();
    }

    void add(Write write) {
        writes.add(write);
    }

    /// The rest of the response does not come: the client is told, or cut off when it has begun.
    void breakOff(boolean begun, Rejected reason) {
        writes.add(begun ? new Write.Abort(reason) : new Write.Refusal(reason));
    }

    @Nullable Write next() {
        return writes.poll();
    }

    /// Body bytes that wait to be written.
    long bytes() {
        return bytes;
    }

    /// `count` of them have been written.
    void written(long count) {
        bytes -= count;
    }

    /// Drops everything; the payloads are given back.
    void release() {
        for (Write write : writes) {
            if (write instanceof Write.Body(Outbound.ResponseBody(Payload data, _))) {
                data.release();
            }
        }
        writes.clear();
        bytes = 0;
    }
}
