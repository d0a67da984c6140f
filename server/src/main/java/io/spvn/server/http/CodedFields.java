package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The fields of a response whose content may be compressed, or is.
final class CodedFields {
    private static final byte[] VARY = Ascii.bytes("vary");
    private static final byte[] ACCEPT_ENCODING = Ascii.bytes("accept-encoding");
    private static final byte[] ANYTHING = Ascii.bytes("*");
    private static final byte[] CODING = Ascii.bytes("content-encoding");
    private static final byte[] TAG = Ascii.bytes("etag");
    private static final byte[] ACCEPT_RANGES = Ascii.bytes("accept-ranges");

    private CodedFields() {}

    /// Says that other clients may get it in another coding.
    static Headers varied(Headers headers) {
        return ListField.contains(headers, VARY, ACCEPT_ENCODING)
                        || ListField.contains(headers, VARY, ANYTHING)
                ? headers
                : headers.with(Headers.of(VARY, ACCEPT_ENCODING));
    }

    /// The same of content that is compressed: neither its length nor its bytes are those that the
    /// app has spoken of.
    static Headers coded(Headers headers, ContentCoding coding) {
        List<byte[]> pairs = new ArrayList<>();
        for (int field = 0; field < headers.size(); field++) {
            if (!headers.nameIs(field, FieldNames.CONTENT_LENGTH)
                    && !headers.nameIs(field, ACCEPT_RANGES)) {
                pairs.add(name(headers, field));
                pairs.add(value(headers, field));
            }
        }
        pairs.add(CODING);
        pairs.add(Ascii.bytes(coding.word()));
        return varied(Headers.of(pairs.toArray(new byte[0][])));
    }

    private static byte[] name(Headers headers, int field) {
        return Arrays.copyOfRange(
                headers.block(), headers.nameStart(field), headers.nameEnd(field));
    }

    /// A strong tag becomes a weak one (RFC 9110 8.8.3.3).
    private static byte[] value(Headers headers, int field) {
        byte[] value = headers.value(field);
        if (!headers.nameIs(field, TAG) || value.length == 0 || value[0] != '"') {
            return value;
        }
        byte[] weak = new byte[value.length + 2];
        weak[0] = 'W';
        weak[1] = '/';
        System.arraycopy(value, 0, weak, 2, value.length);
        return weak;
    }
}
