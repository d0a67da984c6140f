package io.spvn.server.access;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Access;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/// Requests that are over, at 2000-10-10 13:55:36.123 UTC.
final class Requests {
    static final long MILLIS = 971_186_136_123L;
    private static final long NANOS = 1_234_567_890;

    private Requests() {}

    /// @param headers name, value, name, value, ...
    static Access of(String line, String... headers) {
        return of(line, 0, headers);
    }

    static Access of(String line, int close, String... headers) {
        return new Access(
                MILLIS,
                new Peers("http", new Endpoint("192.0.2.7", 4711), null),
                request(line, headers),
                "",
                close == 0 ? 200 : 101,
                1234,
                NANOS,
                fields("content-type", "text/plain"),
                close,
                Access.Moments.NONE);
    }

    static Access unread(String line) {
        return new Access(
                MILLIS,
                new Peers("http", null, null),
                null,
                line,
                400,
                11,
                0,
                Headers.EMPTY,
                0,
                Access.Moments.NONE);
    }

    private static Access.Request request(String line, String... headers) {
        byte[] head = line.getBytes(StandardCharsets.ISO_8859_1);
        int space = line.indexOf(' ');
        byte[] block = Arrays.copyOf(head, head.length + length(headers));
        Headers.Builder all = Headers.over(block, headers.length / 2);
        int at = head.length;
        for (int i = 0; i < headers.length; i += 2) {
            int colon = put(headers[i], block, at);
            int end = put(headers[i + 1], block, colon);
            all.field(at, colon, colon, end);
            at = end;
        }
        return new Access.Request(all.build(), space, head.length, "HTTP/1.1", "abc-1");
    }

    private static int length(String... texts) {
        return Stream.of(texts).mapToInt(String::length).sum();
    }

    private static int put(String text, byte[] block, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, block, at, bytes.length);
        return at + bytes.length;
    }

    private static Headers fields(String... pairs) {
        return Headers.of(
                Stream.of(pairs)
                        .map(text -> text.getBytes(StandardCharsets.ISO_8859_1))
                        .toArray(byte[][]::new));
    }
}
