package io.spvn.server.http;

import static io.spvn.server.http.FieldNames.CONNECTION;
import static io.spvn.server.http.FieldNames.CONTENT_LENGTH;
import static io.spvn.server.http.FieldNames.DATE;
import static io.spvn.server.http.FieldNames.REQUEST_ID;
import static io.spvn.server.http.FieldNames.SERVER;
import static io.spvn.server.http.FieldNames.STRICT_TRANSPORT_SECURITY;
import static io.spvn.server.http.FieldNames.TRANSFER_ENCODING;

import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;

/// What the app's header fields say of its response, looked at on their way to the wire: those that
/// frame the message, which the server writes itself, and those that it has left for the server to
/// say.
public final class ResponseFields {
    /// Who writes a field.
    public enum Writer {
        /// The app: as it is.
        APP,
        /// The server, if at all: it frames the message.
        SERVER,
        /// The connection: as far as it is not about that itself.
        CONNECTION
    }

    private static final long UNDECLARED = -1;
    private static final long DISPUTED = -2;

    private long length = UNDECLARED;
    private boolean date;
    private boolean server;
    private boolean transportSecurity;
    private boolean requestId;

    /// Notes what a field says.
    public Writer note(Headers headers, int field) {
        if (headers.nameIs(field, TRANSFER_ENCODING)) {
            return Writer.SERVER;
        }
        if (headers.nameIs(field, CONTENT_LENGTH)) {
            declare(headers, field);
            return Writer.SERVER;
        }
        if (headers.nameIs(field, CONNECTION)) {
            return Writer.CONNECTION;
        }
        date |= headers.nameIs(field, DATE);
        server |= headers.nameIs(field, SERVER);
        requestId |= headers.nameIs(field, REQUEST_ID);
        transportSecurity |= headers.nameIs(field, STRICT_TRANSPORT_SECURITY);
        return Writer.APP;
    }

    private void declare(Headers headers, int field) {
        byte[] block = headers.block();
        long value =
                HeaderSyntax.decimal(block, headers.valueStart(field), headers.valueEnd(field));
        boolean usable = value >= 0 && (length == UNDECLARED || length == value);
        length = usable ? value : DISPUTED;
    }

    /// The length the app gave its body; -1 when it gave none, or none that one can rely on.
    public long declaredLength() {
        return Math.max(length, UNDECLARED);
    }

    public boolean hasDate() {
        return date;
    }

    public boolean hasServer() {
        return server;
    }

    public boolean hasRequestId() {
        return requestId;
    }

    public boolean hasTransportSecurity() {
        return transportSecurity;
    }
}
