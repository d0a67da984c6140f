package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Ledger;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// Compresses the response to a client that likes that, if it is one that may be, between what the
/// app says and what makes bytes of it. Any other response passes as it is.
///
///     body known before, short    compressed as a whole, so its new length is known, too
///     any other                   in pieces; each event of the app's comes out of it at once
///
/// What it holds meanwhile is entered in the ledger; while there is no room nothing is compressed.
/// Used by one thread at a time; whoever writes the response closes it.
public final class Compressor implements AutoCloseable {
    private static final int WHOLE = 64 * 1024;

    private final Compression settings;
    private final Ledger ledger;
    private final @Nullable ContentCoding coding; // null where the client takes none
    private final boolean head;
    private Outbound.@Nullable ResponseStart held; // until its body is compressed
    private @Nullable Coder coder; // null while what comes passes as it is
    private long left; // of the length that the app has declared, -1 for none
    private boolean begun;
    private boolean cut;
    private boolean ended; // all that the app has declared is in it

    private Compressor(
            Compression settings, Ledger ledger, @Nullable ContentCoding coding, boolean head) {
        this.settings = settings;
        this.ledger = ledger;
        this.coding = coding;
        this.head = head;
    }

    /// One for the response to a request; null where nothing is compressed. HTTP/1.0 finds the end
    /// of what has no length by the end of the connection, which is not worth it.
    public static @Nullable Compressor of(
            @Nullable Compression settings, Scope.Http request, Ledger ledger) {
        if (settings == null
                || request.httpVersion().equals("1.0")
                || request.method().equals(Methods.CONNECT)) {
            return null;
        }
        ContentCoding coding = Coder.choose(AcceptEncoding.of(request.headers()).codings());
        boolean head = request.method().equals(Methods.HEAD);
        return new Compressor(settings, ledger, coding, head);
    }

    /// Whether a whole response of no more than so many bytes passes as it is.
    public boolean passes(long bytes) {
        return coding == null || (!begun && bytes < settings.least());
    }

    /// The head of the response.
    ///
    /// @param known bytes of the body when the event that follows is the whole of it, else -1
    public void start(Outbound.ResponseStart start, long known, ResponseOutput to) {
        begun = true;
        long declared = declared(start);
        long length = declared >= 0 ? declared : known;
        ContentCoding chosen = coding;
        if (Compressible.standsForOne(start)) {
            to.start(varied(start), known);
        } else if (!Compressible.is(start)) {
            to.start(start, known);
        } else if (chosen == null || !isWorthIt(length, chosen)) {
            to.start(varied(start), known);
        } else if (head) {
            to.start(coded(start, chosen), -1);
        } else {
            left = declared;
            begin(start, known, chosen, to);
        }
    }

    /// A body of unknown length is. What HEAD is told of one has to be what GET would be.
    private boolean isWorthIt(long length, ContentCoding chosen) {
        boolean isLong = length < 0 ? !head : length >= settings.least();
        return isLong && (head || ledger.take(Coder.bytes(chosen)));
    }

    private void begin(
            Outbound.ResponseStart start, long known, ContentCoding chosen, ResponseOutput to) {
        if (known >= 0 && known <= WHOLE) {
            coder = Coder.of(chosen, known);
            held = start;
        } else {
            coder = Coder.of(chosen, -1);
            to.start(coded(start, chosen), -1);
        }
    }

    private static long declared(Outbound.ResponseStart start) {
        var fields = new ResponseFields();
        for (int field = 0; field < start.headers().size(); field++) {
            fields.note(start.headers(), field);
        }
        return fields.declaredLength();
    }

    private static Outbound.ResponseStart coded(
            Outbound.ResponseStart start, ContentCoding chosen) {
        return with(start, CodedFields.coded(start.headers(), chosen));
    }

    private static Outbound.ResponseStart varied(Outbound.ResponseStart start) {
        return with(start, CodedFields.varied(start.headers()));
    }

    private static Outbound.ResponseStart with(Outbound.ResponseStart start, Headers headers) {
        return new Outbound.ResponseStart(start.status(), headers);
    }

    /// A piece of the body, which is not released.
    public void body(Outbound.ResponseBody body, ResponseOutput to) {
        Coder stream = coder;
        Outbound.ResponseStart start = held;
        if (stream == null || ended) {
            to.body(body);
        } else if (start != null) {
            held = null;
            whole(stream, start, body.data(), to);
        } else {
            piece(stream, body, to);
        }
    }

    /// One that is shorter than the app has declared is not compressed, so that this shows.
    private void whole(
            Coder stream, Outbound.ResponseStart start, Payload data, ResponseOutput to) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        stream.put(data, false, all::writeBytes);
        ContentCoding chosen = all.size() < data.length() && left <= data.length() ? coding : null;
        Payload content = chosen == null ? data : Payload.of(all.toByteArray());
        to.start(chosen == null ? varied(start) : coded(start, chosen), content.length());
        to.body(new Outbound.ResponseBody(content, false));
    }

    /// The content ends with the last byte that the app has declared, though it may say later that
    /// there are no more. The end of a body that is shorter is not that of the response.
    private void piece(Coder stream, Outbound.ResponseBody body, ResponseOutput to) {
        left = left < 0 ? left : left - body.data().length();
        cut = !body.more() && left > 0;
        ended = left == 0 || (!body.more() && !cut);
        stream.put(
                body.data(),
                !ended,
                bytes -> to.body(new Outbound.ResponseBody(Payload.of(bytes), true)));
        if (!ended) {
            return;
        }
        if (body.more()) {
            to.contentEnds();
        } else {
            to.body(new Outbound.ResponseBody(Payload.EMPTY, false));
        }
    }

    /// Whether the app has ended its body before the length it had declared, so that the connection
    /// is to be broken off.
    public boolean isCut() {
        return cut;
    }

    @Override
    public void close() {
        Coder stream = coder;
        ContentCoding chosen = coding;
        if (stream != null && chosen != null) {
            coder = null;
            stream.close();
            ledger.giveBack(Coder.bytes(chosen));
        }
    }
}
