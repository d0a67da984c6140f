package io.spvn.server.http1;

import static io.spvn.server.http.FieldNames.CONNECTION;
import static io.spvn.server.http.FieldNames.UPGRADE;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.DateHeader;
import io.spvn.server.http.DetailPage;
import io.spvn.server.http.FieldNames;
import io.spvn.server.http.HttpError;
import io.spvn.server.http.ListField;
import io.spvn.server.http.RequestWishes;
import io.spvn.server.http.ResponseContent;
import io.spvn.server.http.ResponseFields;
import io.spvn.server.http.ResponseOutput;
import org.jspecify.annotations.Nullable;

/// Turns the events of one response into bytes: status line, headers, framing (RFC 9112 6), and
/// nothing else. It never flushes and never releases a payload; both are up to the caller. Used by
/// one thread at a time.
final class ResponseEncoder {
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] LAST_CHUNK = Ascii.bytes("0\r\n");
    private static final byte[] CONTINUE = Ascii.bytes("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] EARLY_HINTS = Ascii.bytes("HTTP/1.1 103 Early Hints\r\n");
    private static final byte[] CONTENT_LENGTH = Ascii.bytes("content-length: ");
    private static final byte[] CHUNKED = Ascii.bytes("transfer-encoding: chunked\r\n");
    private static final byte[] CLOSE = Ascii.bytes("connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("connection: keep-alive\r\n");
    private static final byte[] COLON = Ascii.bytes(": ");
    private static final byte[] CLOSE_OPTION = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE_OPTION = Ascii.bytes("keep-alive");

    /// How the client finds the end of the body (RFC 9112 6.3).
    private enum Framed {
        NOT_AT_ALL,
        BY_LENGTH,
        BY_CHUNKS,
        BY_CLOSE
    }

    private final @Nullable RequestHead head;
    private final DefaultFields defaults;
    private int status;
    private boolean closeAfter;
    private boolean started;
    private boolean complete;
    private boolean chunksEnded;

    /// What stands behind the last chunk.
    private Headers trailers = Headers.EMPTY;

    private Framed framed = Framed.NOT_AT_ALL;

    /// Whether no body may follow the head, whatever the head says of one.
    private boolean silent;

    /// What is left of a body with a length.
    private long left;

    /// Bytes of content so far.
    private long content;

    /// A response to `head`, which is null when no head could be made out. `keepAliveAllowed` is
    /// false when the server is about to close the connection anyway.
    ResponseEncoder(@Nullable RequestHead head, DateHeader date, boolean keepAliveAllowed) {
        this(head, DefaultFields.of(date), keepAliveAllowed);
    }

    /// The same.
    ///
    /// @param defaults fields that it has besides
    ResponseEncoder(@Nullable RequestHead head, DefaultFields defaults, boolean keepAliveAllowed) {
        this.head = head;
        this.defaults = defaults;
        this.closeAfter = !keepAliveAllowed || head == null || !head.keepAlive();
    }

    /// The interim response that lets a client send its body (RFC 9110 15.2.1).
    static void continue100(WireBuffer out) {
        out.put(CONTINUE);
    }

    /// The interim response that tells what may be loaded meanwhile (RFC 8297); HTTP/1.0 has none.
    static void earlyHints(RequestHead head, Headers links, WireBuffer out) {
        if (!head.http10()) {
            out.put(EARLY_HINTS);
            for (int field = 0; field < links.size(); field++) {
                putField(links, field, out);
            }
            out.put(CRLF);
        }
    }

    /// The head of the app's response. `knownLength` is the length of the body when the first body
    /// event is also the last, else -1.
    void start(Outbound.ResponseStart start, long knownLength, WireBuffer out) {
        requireState(!started);
        started = true;
        status = start.status();
        out.put(StatusLine.of(start.status()));
        var fields = new ResponseFields();
        putFields(start.headers(), fields, out);
        frame(start.status(), fields.declaredLength(), knownLength);
        closeAfter |= framed == Framed.BY_CLOSE || start.status() < 200;
        putFraming(out);
        putDefaults(fields, out);
        out.put(CRLF);
    }

    /// The head of a `101 Switching Protocols`, behind which the connection speaks another one.
    ///
    /// @param own fields that make it so
    /// @param others of the app, which is not asked about the connection
    void switchProtocols(Headers own, Headers others, WireBuffer out) {
        requireState(!started);
        started = true;
        status = 101;
        out.put(StatusLine.of(status));
        for (int field = 0; field < own.size(); field++) {
            putField(own, field, out);
        }
        var fields = new ResponseFields();
        for (int field = 0; field < others.size(); field++) {
            if (fields.note(others, field) == ResponseFields.Writer.APP
                    && !others.nameIs(field, UPGRADE)) {
                putField(others, field, out);
            }
        }
        closeAfter = false; // it goes on
        putDefaults(fields, out);
        out.put(CRLF);
    }

    /// What is to stand behind the body, whose end is still to come. It gets lost where there are
    /// no chunks, and where the client has not said that it wants it (RFC 9110 6.5.1).
    void trailers(Headers fields) {
        if (head != null && RequestWishes.takesTrailers(head.headers())) {
            trailers = fields;
        }
    }

    /// A piece of the app's body: not more of it than the client was told of.
    void body(Outbound.ResponseBody body, WireBuffer out) {
        requireState(started && !complete);
        if (!silent) {
            content += put(body.data(), out);
        }
        if (!body.more()) {
            end(out);
        }
    }

    /// The same, for who knows no version of HTTP.
    ResponseOutput to(WireBuffer out) {
        return new ResponseOutput() {
            @Override
            public void start(Outbound.ResponseStart start, long knownLength) {
                ResponseEncoder.this.start(start, knownLength, out);
            }

            @Override
            public void body(Outbound.ResponseBody body) {
                ResponseEncoder.this.body(body, out);
            }

            @Override
            public void contentEnds() {
                putLastChunk(out);
            }
        };
    }

    /// The server's own answer, in place of the app's. One that blames the request ends the
    /// connection: where the next request begins is anybody's guess.
    void refuse(HttpError error, WireBuffer out) {
        refuse(error, Headers.EMPTY, out);
    }

    /// The same.
    ///
    /// @param more fields beside those of any refusal
    void refuse(HttpError error, Headers more, WireBuffer out) {
        closeAfter |= error.status() < 500;
        answer(error.status(), error.headers().with(more), error.text(), out);
    }

    /// The same, with more to say; the request is not to blame.
    void refuse(DetailPage page, WireBuffer out) {
        answer(page.status(), page.headers(), page.text(), out);
    }

    /// The same, by its reason.
    ///
    /// @param detail what the client is shown beside the reason, several lines; "" for nothing
    void refuse(Rejected reason, String detail, WireBuffer out) {
        if (detail.isEmpty() || head == null) {
            refuse(new HttpError(reason, reason.message()), out);
        } else {
            refuse(DetailPage.of(reason, detail, head.headers()), out);
        }
    }

    private void answer(int code, Headers headers, Payload text, WireBuffer out) {
        start(new Outbound.ResponseStart(code, headers), text.length(), out);
        body(new Outbound.ResponseBody(text, false), out);
    }

    /// The status sent; 0 before the response has started.
    int status() {
        return status;
    }

    /// Bytes of content that were encoded.
    long content() {
        return content;
    }

    /// Whether the response has been encoded to its end.
    boolean complete() {
        return complete;
    }

    /// Whether the app ended its body before the length it had declared: the client must not take
    /// what it got for the whole, so the connection is to be broken off.
    boolean incomplete() {
        return complete && !silent && framed == Framed.BY_LENGTH && left > 0;
    }

    /// Whether the connection ends with this response; known once it has started.
    boolean closeAfter() {
        return closeAfter || incomplete();
    }

    private void putFields(Headers headers, ResponseFields fields, WireBuffer out) {
        for (int field = 0; field < headers.size(); field++) {
            switch (fields.note(headers, field)) {
                case APP -> putField(headers, field, out);
                case CONNECTION -> putConnection(headers, field, out);
                case SERVER -> {}
            }
        }
    }

    private static void putField(Headers headers, int field, WireBuffer out) {
        byte[] block = headers.block();
        int name = headers.nameStart(field);
        int value = headers.valueStart(field);
        out.put(block, name, headers.nameEnd(field) - name);
        out.put(COLON);
        out.put(block, value, headers.valueEnd(field) - value);
        out.put(CRLF);
    }

    /// Options about this connection's life are the server's to write; others, such as `upgrade`,
    /// pass.
    private void putConnection(Headers headers, int field, WireBuffer out) {
        boolean close = ListField.contains(headers, CONNECTION, CLOSE_OPTION);
        closeAfter |= close;
        if (!close && !ListField.contains(headers, CONNECTION, KEEP_ALIVE_OPTION)) {
            putField(headers, field, out);
        }
    }

    private void frame(int status, long declared, long known) {
        silent = ResponseContent.isSilent(isHead(), status);
        framed = framing(status, declared, known);
        left = ResponseContent.length(isHead(), status, declared, known);
    }

    private Framed framing(int status, long declared, long known) {
        if (ResponseContent.tellsNoLength(status)) {
            return Framed.NOT_AT_ALL;
        }
        if (isTunnel(status)) {
            return Framed.BY_CLOSE;
        }
        if (ResponseContent.length(isHead(), status, declared, known) >= 0) {
            return Framed.BY_LENGTH;
        }
        if (ResponseContent.isLengthOpen(isHead(), status, known)) {
            return Framed.NOT_AT_ALL;
        }
        if (isHttp10()) {
            return silent ? Framed.NOT_AT_ALL : Framed.BY_CLOSE;
        }
        return Framed.BY_CHUNKS;
    }

    private void putFraming(WireBuffer out) {
        if (framed == Framed.BY_LENGTH) {
            out.put(CONTENT_LENGTH);
            out.putDecimal(left);
            out.put(CRLF);
        } else if (framed == Framed.BY_CHUNKS) {
            out.put(CHUNKED);
        }
    }

    private void putDefaults(ResponseFields fields, WireBuffer out) {
        defaults.put(fields, out);
        if (head != null && !head.id().isEmpty() && !fields.hasRequestId()) {
            putRequestId(head.id(), out);
        }
        if (closeAfter) {
            out.put(CLOSE);
        } else if (isHttp10()) {
            out.put(KEEP_ALIVE);
        }
    }

    private static void putRequestId(String id, WireBuffer out) {
        out.put(FieldNames.REQUEST_ID);
        out.put(COLON);
        out.put(Ascii.bytes(id));
        out.put(CRLF);
    }

    /// @return how many bytes of it the client gets
    private long put(Payload data, WireBuffer out) {
        long fitting = data.length();
        switch (framed) {
            case NOT_AT_ALL -> fitting = 0;
            case BY_LENGTH -> {
                fitting = Math.min(fitting, left);
                left -= fitting;
                out.put(data, fitting);
            }
            case BY_CHUNKS -> putChunk(data, out);
            case BY_CLOSE -> out.put(data);
        }
        return fitting;
    }

    /// A chunk of no bytes would be the last one.
    private static void putChunk(Payload data, WireBuffer out) {
        if (data.length() > 0) {
            out.putHex(data.length());
            out.put(CRLF);
            out.put(data);
            out.put(CRLF);
        }
    }

    private void end(WireBuffer out) {
        complete = true;
        putLastChunk(out);
    }

    private void putLastChunk(WireBuffer out) {
        if (framed == Framed.BY_CHUNKS && !silent && !chunksEnded) {
            chunksEnded = true;
            out.put(LAST_CHUNK);
            for (int field = 0; field < trailers.size(); field++) {
                putField(trailers, field, out);
            }
            out.put(CRLF);
        }
    }

    private boolean isHead() {
        return head != null && head.isHead();
    }

    private boolean isHttp10() {
        return head != null && head.http10();
    }

    /// A client takes whatever follows a successful answer to CONNECT for the other end of its
    /// tunnel; framing would be read as content (RFC 9110 9.3.6).
    private boolean isTunnel(int status) {
        return head != null && head.isConnect() && status < 300;
    }

    private static void requireState(boolean legal) {
        if (!legal) {
            throw new IllegalStateException("response event out of order");
        }
    }
}
