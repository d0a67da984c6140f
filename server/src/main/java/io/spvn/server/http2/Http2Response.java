package io.spvn.server.http2;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.Write;
import io.spvn.server.http.Compressor;
import io.spvn.server.http.DetailPage;
import io.spvn.server.http.Methods;
import io.spvn.server.http.RequestWishes;
import io.spvn.server.http.ResponseContent;
import io.spvn.server.http.ResponseOutput;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Makes frames of what the app says in one stream, as far as the windows allow. Of whoever has the
/// connection's turn to write ([Http2Writer]).
final class Http2Response implements ResponseOutput {
    private static final int EARLY_HINTS = 103;

    /// What is compressed at a time.
    private static final int SLICE = 64 * 1024;

    /// What is in memory, whoever has made it.
    private static final int LITTLE = 14 * 1024;

    /// A frame of so many bytes is work done.
    private static final int WORK = 4 * 1024;

    /// What there is to do after a turn.
    enum Turn {
        /// It has more to write, and window for it.
        MORE,
        /// It has more to write, and the connection has no window for it.
        BARRED,
        /// Nothing: who has something to write for it, or gives it window, enters it again.
        NOTHING,
        /// All of it is written.
        WRITTEN
    }

    private final Http2Stream stream;
    private final Http2 http;
    private final Http2Writer writer;
    private final HttpExchange exchange;
    private final @Nullable Compressor compressor; // null where nothing is compressed
    private final ArrayDeque<Payload> pieces = new ArrayDeque<>(1); // not released here
    private @Nullable FrameWriter frames; // of this turn
    private @Nullable Payload source; // the app's piece at hand
    private long compressed; // bytes of it
    private boolean sourceLast;
    private long done; // bytes of the first piece

    private Headers fields = Headers.EMPTY;
    private Headers trailers = Headers.EMPTY; // to be written behind the body
    private volatile int status;
    private volatile long content;
    private boolean silent;
    private long left = Long.MAX_VALUE; // of a declared length
    private boolean ends; // the client gets no more than the pieces at hand
    private boolean ended; // it has been told so
    private boolean complete; // all has been said
    private boolean broken; // what was said cannot be brought to its end

    Http2Response(
            Http2Stream stream, Http2 http, Http2Writer writer, @Nullable Compressor compressor) {
        this.stream = stream;
        this.http = http;
        this.writer = writer;
        this.exchange = stream.exchange();
        this.compressor = compressor;
    }

    /// The status sent; 0 before the response has started.
    int status() {
        return status;
    }

    /// Bytes of content that were written.
    long content() {
        return content;
    }

    /// Fields of the app.
    Headers fields() {
        return fields;
    }

    /// Whether to write more of it may take long: it is to be compressed, or read from a disk, or
    /// it is so much that a process worker may not have sent all of it, which its reader must not
    /// wait for. Any thread.
    boolean worksLong() {
        return compressor != null || exchange.hasFiles() || exchange.unwritten() > LITTLE;
    }

    /// Writes a piece of it.
    ///
    /// @param most bytes of content, about
    Turn write(FrameWriter out, int most) {
        frames = out;
        try {
            return writeMost(out, most);
        } finally {
            frames = null;
        }
    }

    private Turn writeMost(FrameWriter out, int most) {
        int room = most;
        while (!broken || !pieces.isEmpty()) {
            if (pieces.isEmpty() && ends && !ended) {
                end(out);
            } else if (!pieces.isEmpty()) {
                long may = Math.min(stream.window().left(), writer.window().left());
                if (may <= 0) {
                    stream.stalled();
                    if (writer.window().left() <= 0) {
                        return Turn.BARRED;
                    }
                    if (stream.window().left() <= 0) {
                        return Turn.NOTHING;
                    }
                    continue; // it was given in that moment
                }
                room -= putData(out, (int) Math.min(may, room));
            } else if (source != null) {
                refill();
            } else if (complete) {
                return over(out);
            } else {
                Write next = exchange.nextWrite();
                if (next == null) {
                    return Turn.NOTHING;
                }
                step(next, out);
            }
            if (room <= 0) {
                return Turn.MORE;
            }
        }
        return abort(out);
    }

    /// RFC 9113 8.1: a client whose request has been answered without being read is told to stop.
    private Turn over(FrameWriter out) {
        if (stream.serverEnded()) {
            out.reset(stream.id(), ErrorCode.NO_ERROR);
        }
        return Turn.WRITTEN;
    }

    private Turn abort(FrameWriter out) {
        if (!ended) {
            out.reset(stream.id(), ErrorCode.INTERNAL_ERROR);
        }
        stream.aborted();
        return Turn.NOTHING;
    }

    private void end(FrameWriter out) {
        ended = true;
        if (trailers.size() == 0) {
            out.end(stream.id());
        } else {
            writer.beginTrailers().put(trailers);
            writer.headers(stream.id(), out, true);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes at a time
    private int putData(FrameWriter out, int most) {
        Payload first = pieces.element();
        int frame = Math.min(most, stream.maxFrameSize());
        int length = (int) Math.min(frame, first.length() - done);
        boolean whole = done + length == first.length();
        boolean last = whole && ends && pieces.size() == 1 && trailers.size() == 0;
        stream.window().take(length);
        writer.window().take(length);
        out.data(stream.id(), first, done, length, last);
        ended |= last;
        content += length;
        done += length;
        if (whole) {
            pieces.remove();
            done = 0;
            releaseIfWritten();
        }
        stream.moved();
        if (length >= WORK) {
            stream.worked();
        }
        return Math.max(length, 1);
    }

    private void step(Write write, FrameWriter out) {
        switch (write) {
            case Write.Continue() -> {
                Fields _ = writer.begin(100);
                writer.headers(stream.id(), out, false);
                stream.leaveGiven();
            }
            case Write.Start(Outbound.ResponseStart start, long knownLength) -> {
                fields = start.headers();
                if (compressor == null) {
                    start(start, knownLength);
                } else {
                    compressor.start(start, knownLength, this);
                }
            }
            case Write.EarlyHints(Headers links) -> {
                Fields hints = writer.begin(EARLY_HINTS);
                hints.put(links);
                writer.headers(stream.id(), out, false);
            }
            case Write.Body(Outbound.ResponseBody body) -> take(body);
            case Write.Trailers(Headers said) -> {
                trailers =
                        RequestWishes.takesTrailers(exchange.scope().headers())
                                ? said
                                : Headers.EMPTY;
                take(new Outbound.ResponseBody(Payload.EMPTY, false));
            }
            case Write.Refusal(Rejected reason, String detail) -> refuse(reason, detail);
            case Write.Abort(Rejected reason) -> {
                tellRefused(reason);
                broken = true;
            }
            case Write.Accept _, Write.Message _, Write.Close _ ->
                    throw new IllegalStateException("not of a response: " + write);
        }
    }

    private void take(Outbound.ResponseBody body) {
        source = body.data();
        sourceLast = !body.more();
        compressed = 0;
        if (compressor == null) {
            compressed = body.data().length();
            body(body);
            releaseIfWritten();
        }
    }

    /// Brings the piece of the app that is at hand further, when all that was made of it is
    /// written.
    private void refill() {
        Payload data = source;
        if (data == null || compressor == null) {
            return;
        }
        long slice = Math.min(SLICE, data.length() - compressed);
        boolean all = compressed + slice == data.length();
        boolean whole = compressed == 0 && all;
        Payload part = whole ? data : new Slice(data, compressed, slice);
        compressed += slice;
        compressor.body(new Outbound.ResponseBody(part, !(all && sourceLast)), this);
        if (compressor.isCut()) {
            broken = true;
        }
        releaseIfWritten();
    }

    /// The app's piece at hand is given back once nothing of it is to be written any more.
    private void releaseIfWritten() {
        Payload data = source;
        if (data != null && pieces.isEmpty() && compressed == data.length()) {
            source = null;
            complete |= sourceLast;
            data.release();
            exchange.written(data);
            stream.worked();
        }
    }

    private void refuse(Rejected reason, String detail) {
        tellRefused(reason);
        complete = true;
        DetailPage page = DetailPage.of(reason, detail, exchange.scope().headers());
        start(new Outbound.ResponseStart(page.status(), page.headers()), page.text().length());
        body(new Outbound.ResponseBody(page.text(), false));
    }

    private void tellRefused(Rejected reason) {
        http.listener.refused(reason);
        RefusalLog.refused(reason, exchange);
    }

    // ---- what the client gets

    @Override
    public void start(Outbound.ResponseStart start, long knownLength) {
        boolean head = exchange.scope().method().equals(Methods.HEAD);
        int code = start.status();
        status = code;
        if (code < 200) {
            broken = true; // what follows would be no response (RFC 9113 8.1, 8.6)
            return;
        }
        Fields all = writer.begin(code);
        all.put(start.headers());
        long declared = all.declaredLength();
        silent = ResponseContent.isSilent(head, code);
        long length =
                ResponseContent.tellsNoLength(code) || isTunnel(code)
                        ? -1
                        : ResponseContent.length(head, code, declared, knownLength);
        left = length >= 0 ? length : Long.MAX_VALUE;
        all.length(length);
        all.defaults(http.defaults);
        all.requestId(exchange.requestId());
        ends = silent || length == 0;
        ended = ends;
        FrameWriter out = frames;
        if (out == null) {
            throw new IllegalStateException("not its turn");
        }
        writer.headers(stream.id(), out, ended);
    }

    /// A client takes whatever follows a successful answer to CONNECT for the other end of its
    /// tunnel (RFC 9110 9.3.6).
    private boolean isTunnel(int code) {
        return exchange.scope().method().equals(Methods.CONNECT) && code < 300;
    }

    /// Not more of it than the client was told of.
    @Override
    public void body(Outbound.ResponseBody body) {
        long fitting = silent || ended ? 0 : Math.min(body.data().length(), left);
        if (fitting > 0) {
            Payload data = body.data();
            pieces.add(fitting == data.length() ? data : new Slice(data, 0, fitting));
            left -= left == Long.MAX_VALUE ? 0 : fitting;
        }
        if (!body.more() && !silent && left > 0 && left != Long.MAX_VALUE) {
            broken = true; // shorter than it has said: the client must not take it for the whole
            return;
        }
        ends |= !body.more() || left == 0;
    }

    @Override
    public void contentEnds() {
        ends = true;
    }

    /// Nobody reads it any more: gives back what it holds.
    void release() {
        pieces.clear();
        Payload data = source;
        if (data != null) {
            source = null;
            data.release();
            exchange.written(data);
        }
        if (compressor != null) {
            compressor.close();
        }
    }
}
