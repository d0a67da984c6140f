package io.spvn.server.files;

import io.spvn.bridge.asgi.Headers;
import io.spvn.server.http.Ascii;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The header fields of a request, as text.
record RequestFields(Headers headers) {
    /// The values of all fields of that name, as those of one; null for none.
    @Nullable String value(String lowerName) {
        byte[] name = Ascii.bytes(lowerName);
        StringBuilder all = null;
        for (int at = headers.find(name, 0); at >= 0; at = headers.find(name, at + 1)) {
            all = all == null ? new StringBuilder() : all.append(", ");
            all.append(new String(headers.value(at), StandardCharsets.ISO_8859_1).strip());
        }
        return all == null ? null : all.toString();
    }
}
