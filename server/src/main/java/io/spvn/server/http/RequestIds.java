package io.spvn.server.http;

import static io.spvn.server.http.FieldNames.REQUEST_ID;

import io.spvn.bridge.asgi.Headers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/// The ids by which the logs of several servers name a request: the one that a client or proxy has
/// sent as `X-Request-ID`, if it is one and can stand in a log, else one of ours. For any thread.
public final class RequestIds {
    private static final int LONGEST = 128;
    private static final String OTHERS = "._:+/=-";

    private final String prefix = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
    private final AtomicLong count = new AtomicLong(new SecureRandom().nextLong());

    /// The id of a request.
    public String of(Headers headers) {
        int field = headers.find(REQUEST_ID, 0);
        if (field >= 0 && headers.find(REQUEST_ID, field + 1) < 0 && isUsable(headers, field)) {
            return new String(headers.value(field), StandardCharsets.US_ASCII);
        }
        return prefix + HexFormat.of().toHexDigits(count.incrementAndGet());
    }

    private static boolean isUsable(Headers headers, int field) {
        int from = headers.valueStart(field);
        int to = headers.valueEnd(field);
        for (int at = from; at < to; at++) {
            byte octet = headers.block()[at];
            if (!Ascii.isAlphanumeric(octet) && OTHERS.indexOf(octet) < 0) {
                return false;
            }
        }
        return from < to && to - from <= LONGEST;
    }

    /// The headers with this id, as the app shall see them. What their block begins with stays
    /// where it is.
    public static Headers with(Headers headers, String id) {
        int field = headers.find(REQUEST_ID, 0);
        byte[] value = Ascii.bytes(id);
        if (field >= 0 && Arrays.equals(headers.value(field), value)) {
            return headers;
        }
        int end = headers.block().length;
        byte[] block = Arrays.copyOf(headers.block(), end + REQUEST_ID.length + value.length);
        System.arraycopy(REQUEST_ID, 0, block, end, REQUEST_ID.length);
        System.arraycopy(value, 0, block, end + REQUEST_ID.length, value.length);
        Headers.Builder all = Headers.over(block, headers.size() + 1);
        for (int i = 0; i < headers.size(); i++) {
            if (!headers.nameIs(i, REQUEST_ID)) {
                all.field(
                        headers.nameStart(i),
                        headers.nameEnd(i),
                        headers.valueStart(i),
                        headers.valueEnd(i));
            }
        }
        int colon = end + REQUEST_ID.length;
        return all.field(end, colon, colon, block.length).build();
    }
}
