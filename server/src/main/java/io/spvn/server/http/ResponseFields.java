package io.spvn.server.http;

import static io.spvn.server.http.FieldNames.CONNECTION;
import static io.spvn.server.http.FieldNames.CONTENT_LENGTH;
import static io.spvn.server.http.FieldNames.DATE;
import static io.spvn.server.http.FieldNames.SERVER;
import static io.spvn.server.http.FieldNames.TRANSFER_ENCODING;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.server.connection.WireBuffer;

/// The app's header fields on their way to the wire. Those that frame the message are held back,
/// for the server writes them itself, and are remembered, as is what the app left for the server to
/// say.
public final class ResponseFields {
    private static final byte[] COLON = Ascii.bytes(": ");
    private static final byte[] CRLF = Ascii.bytes("\r\n");
    private static final byte[] CLOSE = Ascii.bytes("close");
    private static final byte[] KEEP_ALIVE = Ascii.bytes("keep-alive");

    private static final long UNDECLARED = -1;
    private static final long DISPUTED = -2;

    private long length = UNDECLARED;
    private boolean close;
    private boolean date;
    private boolean server;

    public void write(Headers headers, WireBuffer out) {
        for (int field = 0; field < headers.size(); field++) {
            if (passes(headers, field)) {
                write(headers, field, out);
            }
        }
    }

    /// The length the app gave its body; -1 when it gave none, or none that one can rely on.
    public long declaredLength() {
        return Math.max(length, UNDECLARED);
    }

    public boolean close() {
        return close;
    }

    public boolean hasDate() {
        return date;
    }

    public boolean hasServer() {
        return server;
    }

    private static void write(Headers headers, int field, WireBuffer out) {
        byte[] block = headers.block();
        int name = headers.nameStart(field);
        int value = headers.valueStart(field);
        out.put(block, name, headers.nameEnd(field) - name);
        out.put(COLON);
        out.put(block, value, headers.valueEnd(field) - value);
        out.put(CRLF);
    }

    private boolean passes(Headers headers, int field) {
        if (headers.nameIs(field, TRANSFER_ENCODING)) {
            return false;
        }
        if (headers.nameIs(field, CONTENT_LENGTH)) {
            declare(headers, field);
            return false;
        }
        if (headers.nameIs(field, CONNECTION)) {
            return connection(headers);
        }
        date |= headers.nameIs(field, DATE);
        server |= headers.nameIs(field, SERVER);
        return true;
    }

    private void declare(Headers headers, int field) {
        byte[] block = headers.block();
        long value =
                HeaderSyntax.decimal(block, headers.valueStart(field), headers.valueEnd(field));
        boolean usable = value >= 0 && (length == UNDECLARED || length == value);
        length = usable ? value : DISPUTED;
    }

    /// Options about this connection's life are the server's to write; others, such as `upgrade`,
    /// pass.
    private boolean connection(Headers headers) {
        close = ListField.contains(headers, CONNECTION, CLOSE);
        return !close && !ListField.contains(headers, CONNECTION, KEEP_ALIVE);
    }
}
