package io.spvn.bridge.asgi;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/// Which fields may stand behind a body. None does that a recipient has to know before it: to find
/// the end of the message, to pass it on, or to make out its content (RFC 9110 6.5.1).
final class TrailerFields {
    private static final Set<String> OF_HEADS =
            Set.of(
                    "connection",
                    "content-encoding",
                    "content-length",
                    "content-range",
                    "content-type",
                    "host",
                    "keep-alive",
                    "proxy-connection",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private TrailerFields() {}

    static void require(Headers fields) {
        for (int field = 0; field < fields.size(); field++) {
            int start = fields.nameStart(field);
            int length = fields.nameEnd(field) - start;
            String name = new String(fields.block(), start, length, StandardCharsets.ISO_8859_1);
            if (OF_HEADS.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' cannot be a trailer");
            }
        }
    }
}
