package io.spvn.server.http;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which responses become shorter by compression, and may be compressed (RFC 9110 7.7).
final class Compressible {
    private static final byte[] TYPE = Ascii.bytes("content-type");
    private static final byte[] RANGE = Ascii.bytes("content-range");
    private static final byte[] CACHE_CONTROL = Ascii.bytes("cache-control");
    private static final byte[] NO_TRANSFORM = Ascii.bytes("no-transform");

    /// What these say is of the content as it is.
    private static final List<byte[]> FORBIDDING =
            List.of(
                    Ascii.bytes("content-encoding"),
                    Ascii.bytes("content-md5"),
                    Ascii.bytes("digest"),
                    Ascii.bytes("content-digest"),
                    Ascii.bytes("repr-digest"));

    /// Without content, or with a part of one.
    private static final Set<Integer> STATUSES = Set.of(204, 205, 206, 304);

    private static final String RANGES = "multipart/byteranges";
    private static final String EVENTS = "text/event-stream";
    private static final Set<String> TYPES =
            Set.of(
                    "application/json",
                    "application/x-ndjson",
                    "application/javascript",
                    "application/x-javascript",
                    "application/xml",
                    "application/wasm",
                    "application/yaml",
                    "application/toml",
                    "application/rtf",
                    "application/graphql",
                    "application/vnd.ms-fontobject",
                    "font/ttf",
                    "font/otf",
                    "image/bmp",
                    "image/vnd.microsoft.icon",
                    "image/x-icon");

    private Compressible() {}

    static boolean is(Outbound.ResponseStart start) {
        Headers headers = start.headers();
        return start.status() >= 200
                && !STATUSES.contains(start.status())
                && headers.find(RANGE, 0) < 0
                && isText(type(headers))
                && isAllowed(headers);
    }

    /// Whether it stands for one that may be: a part of that, or the word that it is the same
    /// still, which has to say as much of what it varies with (RFC 9110 15.3.7, 15.4.5). Where it
    /// does not tell the type of that, it may be any.
    static boolean standsForOne(Outbound.ResponseStart start) {
        String type = type(start.headers());
        boolean stands =
                switch (start.status()) {
                    case 206 -> type.equals(RANGES) || isText(type);
                    case 304 -> type.isEmpty() || isText(type);
                    default -> false;
                };
        return stands && isAllowed(start.headers());
    }

    private static boolean isAllowed(Headers headers) {
        return FORBIDDING.stream().noneMatch(name -> headers.find(name, 0) >= 0)
                && !ListField.contains(headers, CACHE_CONTROL, NO_TRANSFORM);
    }

    /// Without its parameters; "" for none.
    private static String type(Headers headers) {
        int field = headers.find(TYPE, 0);
        if (field < 0) {
            return "";
        }
        String value = new String(headers.value(field), StandardCharsets.ISO_8859_1);
        int end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static boolean isText(String type) {
        return TYPES.contains(type)
                || type.endsWith("+json")
                || type.endsWith("+xml")
                || (type.startsWith("text/") && !type.equals(EVENTS));
    }
}
