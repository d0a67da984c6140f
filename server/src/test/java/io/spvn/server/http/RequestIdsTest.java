package io.spvn.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestIdsTest {
    private final RequestIds ids = new RequestIds();

    private static Headers headers(String... pairs) {
        byte[][] bytes = new byte[pairs.length][];
        for (int i = 0; i < pairs.length; i++) {
            bytes[i] = Ascii.bytes(pairs[i]);
        }
        return Headers.of(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0f3c-77._:+/=", "Root=1-67891233-abcdef012345678912345678"})
    void id_ofTheClientIsTakenOver(String id) {
        Headers given = headers("host", "h", "x-request-id", id);
        assertEquals(id, ids.of(given));
        assertSame(given, RequestIds.with(given, id));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\"", "a,b", "\u00e9", "<script>"})
    void id_thatCannotStandInALogIsReplaced(String id) {
        assertReplaced(headers("x-request-id", id, "host", "h"));
    }

    @Test
    void id_thatIsTooLongOrDoubleIsReplaced() {
        assertReplaced(headers("x-request-id", "a".repeat(129), "host", "h"));
        assertReplaced(headers("x-request-id", "a", "x-request-id", "b", "host", "h"));
    }

    private void assertReplaced(Headers given) {
        String made = ids.of(given);
        assertTrue(made.matches("[0-9a-f]{32}"), made);
        Headers seen = RequestIds.with(given, made);
        assertEquals(2, seen.size());
        assertEquals(0, seen.find(FieldNames.HOST, 0));
        assertEquals(made, new String(seen.value(1), java.nio.charset.StandardCharsets.US_ASCII));
    }

    @Test
    void ids_differ() {
        assertNotEquals(ids.of(Headers.EMPTY), ids.of(Headers.EMPTY));
        assertNotEquals(new RequestIds().of(Headers.EMPTY), new RequestIds().of(Headers.EMPTY));
    }
}
