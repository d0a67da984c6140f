package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// What the app has said and the transport has not yet written, in order. Guarded by the exchange's
/// monitor.
///
/// The start of a response is kept until the first piece of its body, so that both make one write.
final class PendingWrites {
    /// What a piece counts for beside its bytes; without it a body of tiny pieces would cost much
    /// more than it seems.
    static final int PIECE_BYTES = 128;

    /// Bytes above which `send()` has to wait, and below which it may go on.
    static final int HIGH_WATER = 64 * 1024;

    static final int LOW_WATER = 16 * 1024;

    /// Bytes of trailers that a response has at most.
    static final int MOST_TRAILERS = 64 * 1024;

    /// Bytes of early hints that wait to be written at most.
    static final int MOST_HINTS = 16 * 1024;

    private final Ledger ledger;
    private final ArrayDeque<Write> writes = new ArrayDeque<>(2);
    private final ResponseLength length;
    private Outbound.@Nullable ResponseStart start;
    private Outbound.@Nullable ResponseStart started;
    private Headers trailers = Headers.EMPTY;
    private int hintBytes;
    private long bytes;
    private long heapBytes;
    private int files;
    private boolean startTaken;
    private boolean acceptTaken;
    private long progress;

    /// @param silent whether the response has no body whatever its head says
    PendingWrites(boolean silent, Ledger ledger) {
        this.ledger = ledger;
        this.length = new ResponseLength(silent);
    }

    Sent hold(Outbound.ResponseStart begin) {
        length.declare(begin);
        start = begin;
        started = begin;
        progress++;
        return Sent.HELD;
    }

    /// The last piece of a body behind which trailers come is not the end of its response.
    Sent add(Outbound.ResponseBody piece) {
        length.add(piece.data().length());
        boolean more = piece.more() || isTrailed();
        Outbound.ResponseStart begin = start;
        if (begin != null) {
            start = null;
            writes.add(new Write.Start(begin, more ? -1 : piece.data().length()));
        }
        writes.add(
                new Write.Body(
                        more == piece.more()
                                ? piece
                                : new Outbound.ResponseBody(piece.data(), more)));
        count(piece.data());
        return more && isFull() ? Sent.FULL : Sent.READY;
    }

    private boolean isTrailed() {
        Outbound.ResponseStart begun = started;
        return begun != null && begun.trailers();
    }

    Sent add(Outbound.WholeFile whole) {
        length.whole(whole.file().length());
        return add(new Outbound.ResponseBody(whole.file(), false));
    }

    /// They are written all at once.
    Sent add(Outbound.Trailers more) {
        trailers = trailers.with(more.headers());
        if (trailers.block().length > MOST_TRAILERS) {
            throw new AsgiViolation("more than " + MOST_TRAILERS + " bytes of trailers");
        }
        progress++;
        if (more.more()) {
            return Sent.HELD;
        }
        writes.add(new Write.Trailers(trailers));
        return Sent.READY;
    }

    /// A client may do without them, so that one that is slow gets no more.
    Sent hint(Headers links) {
        int size = links.block().length + PIECE_BYTES;
        if (hintBytes + size > MOST_HINTS) {
            return Sent.HELD;
        }
        hintBytes += size;
        writes.add(new Write.EarlyHints(links));
        return Sent.READY;
    }

    Sent add(Outbound.Message message) {
        writes.add(new Write.Message(message));
        count(message.data());
        return isFull() ? Sent.FULL : Sent.READY;
    }

    void add(Write write) {
        writes.add(write);
    }

    private void count(Payload piece) {
        bytes += piece.length() + PIECE_BYTES;
        heapBytes += piece.heapBytes() + PIECE_BYTES;
        files += piece instanceof FileRange ? 1 : 0;
        progress++;
    }

    private void discount(Payload piece) {
        bytes -= piece.length() + PIECE_BYTES;
        heapBytes -= piece.heapBytes() + PIECE_BYTES;
        files -= piece instanceof FileRange ? 1 : 0;
    }

    /// The app has left its response unfinished. A stream of events is whole after each of them;
    /// any other gets what [#refuseOrAbort] does.
    ///
    /// @param told whether the app was told to come to an end, because the server stops
    /// @param truncated whether its request never came to its end
    void leave(boolean begun, boolean told, boolean truncated) {
        if (told && DrainRules.kind(started) == DrainRules.Response.EVENTS) {
            end();
        } else if (truncated) {
            refuseOrAbort(begun, Rejected.MALFORMED);
        } else {
            refuseOrAbort(begun, told ? Rejected.STOPPING : Rejected.APP_FAILED);
        }
    }

    private void end() {
        add(new Outbound.ResponseBody(Payload.EMPTY, false));
        if (isTrailed()) {
            writes.add(new Write.Trailers(trailers));
        }
    }

    /// The rest of the response does not come: the client is told, or cut off when it has begun.
    void refuseOrAbort(boolean begun, Rejected reason) {
        writes.add(begun ? new Write.Abort(reason) : new Write.Refusal(reason));
    }

    @Nullable Write next() {
        Write next = writes.poll();
        startTaken |= next instanceof Write.Start;
        acceptTaken |= next instanceof Write.Accept;
        if (next instanceof Write.EarlyHints(Headers links)) {
            hintBytes -= links.block().length + PIECE_BYTES;
        }
        return next;
    }

    /// Whether the head of the app's response is with the transport, so that nothing else can be
    /// said in its place.
    boolean startTaken() {
        return startTaken;
    }

    /// Whether the answer to a handshake is with the transport, so that what follows are frames.
    boolean acceptTaken() {
        return acceptTaken;
    }

    /// Body bytes that wait to be written, and what their pieces cost.
    long bytes() {
        return bytes;
    }

    /// Whether more would be too much. While clients hold all they can, nothing is taken ahead of
    /// them.
    boolean isFull() {
        return bytes > (ledger.isFull() ? 0 : HIGH_WATER);
    }

    /// Whether there is room for more again.
    boolean hasRoom() {
        return bytes <= (ledger.isFull() ? 0 : LOW_WATER);
    }

    /// The part of [#bytes] that is in the heap.
    long heapBytes() {
        return heapBytes;
    }

    /// Whether some of [#bytes] lie in a file, which may have to be read from a disk.
    boolean haveFiles() {
        return files > 0;
    }

    /// Bytes of header fields that wait to be written.
    long headBytes() {
        long hints = hintBytes;
        return hints + (startTaken || started == null ? 0 : started.headers().block().length);
    }

    /// A number that changes whenever the app says something or the client takes something.
    long progress() {
        return progress;
    }

    /// The start of the app's response, null while there is none.
    Outbound.@Nullable ResponseStart started() {
        return started;
    }

    /// A piece has been written.
    void written(Payload piece) {
        discount(piece);
        progress++;
    }

    /// Drops what the transport has not taken; the payloads are given back.
    void drop() {
        for (Write write = writes.poll(); write != null; write = writes.poll()) {
            switch (write) {
                case Write.Body(Outbound.ResponseBody(Payload data, boolean _)) -> drop(data);
                case Write.Message(Outbound.Message(Payload data, boolean _)) -> drop(data);
                default -> {}
            }
        }
    }

    private void drop(Payload piece) {
        piece.release();
        discount(piece);
    }
}
