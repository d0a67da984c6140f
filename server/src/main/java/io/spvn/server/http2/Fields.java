package io.spvn.server.http2;

import static io.spvn.server.http.FieldNames.CONTENT_LENGTH;
import static io.spvn.server.http.FieldNames.KEEP_ALIVE;
import static io.spvn.server.http.FieldNames.PROXY_CONNECTION;
import static io.spvn.server.http.FieldNames.REQUEST_ID;
import static io.spvn.server.http.FieldNames.UPGRADE;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.ResponseFields;

/// The fields of one response on their way into a block: those of the app but for what HTTP/2 has
/// no use for (RFC 9113 8.2.2), and the server's. Of one thread.
final class Fields {
    private static final byte[] STATUS = Ascii.bytes(":status");
    private static final byte[] OK = Ascii.bytes("200");

    private final HpackEncoder encoder;
    private final ResponseFields noted = new ResponseFields();

    /// The first field of the block that `encoder` has begun.
    Fields(HpackEncoder encoder, int status) {
        this.encoder = encoder;
        byte[] text = status == 200 ? OK : Ascii.bytes(Integer.toString(status));
        encoder.field(STATUS, text, false);
    }

    /// Those behind a body, in the block that `encoder` has begun.
    Fields(HpackEncoder encoder) {
        this.encoder = encoder;
    }

    void put(Headers headers) {
        for (int field = 0; field < headers.size(); field++) {
            if (noted.note(headers, field) == ResponseFields.Writer.APP
                    && !isOfConnection(headers, field)) {
                encoder.field(
                        headers.block(),
                        headers.nameStart(field),
                        headers.nameEnd(field),
                        headers.valueStart(field),
                        headers.valueEnd(field),
                        false);
            }
        }
    }

    private static boolean isOfConnection(Headers headers, int field) {
        return headers.nameIs(field, UPGRADE)
                || headers.nameIs(field, KEEP_ALIVE)
                || headers.nameIs(field, PROXY_CONNECTION);
    }

    /// The length that the app has declared, -1 for none.
    long declaredLength() {
        return noted.declaredLength();
    }

    /// @param length -1 for none to tell
    void length(long length) {
        if (length >= 0) {
            encoder.field(CONTENT_LENGTH, Ascii.bytes(Long.toString(length)), false);
        }
    }

    /// Those that the app has left for the server to say.
    void defaults(Defaults defaults) {
        defaults.put(noted, encoder);
    }

    /// @param id "" for none
    void requestId(String id) {
        if (!id.isEmpty() && !noted.hasRequestId()) {
            encoder.field(REQUEST_ID, Ascii.bytes(id), false);
        }
    }
}
