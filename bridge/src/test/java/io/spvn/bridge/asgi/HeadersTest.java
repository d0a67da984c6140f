package io.spvn.bridge.asgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class HeadersTest {
    private static final byte[] COOKIE = bytes("set-cookie");

    @Test
    void of_keepsOrderAndDuplicates() {
        Headers headers = pairs("set-cookie", "a=1", "x", "", "set-cookie", "b=2");
        assertEquals(3, headers.size());
        assertArrayEquals(bytes("a=1"), headers.value(0));
        assertArrayEquals(bytes(""), headers.value(1));
        assertArrayEquals(bytes("b=2"), headers.value(2));
    }

    @Test
    void find_walksFieldsOfOneName() {
        Headers headers = pairs("set-cookie", "a", "x", "y", "set-cookie", "b");
        assertEquals(0, headers.find(COOKIE, 0));
        assertEquals(2, headers.find(COOKIE, 1));
        assertEquals(-1, headers.find(COOKIE, 3));
        assertEquals(-1, headers.find(bytes("set-cooki"), 0));
    }

    @Test
    void nameIs_comparesTheWholeName() {
        Headers headers = pairs("host", "h");
        assertTrue(headers.nameIs(0, bytes("host")));
        assertFalse(headers.nameIs(0, bytes("hos")));
        assertFalse(headers.nameIs(0, bytes("hosts")));
        assertFalse(headers.nameIs(0, bytes("Host")));
    }

    @Test
    void values_areExactBytes() {
        byte[] high = {(byte) 0x80, (byte) 0xFF, '\t', ' '};
        assertArrayEquals(high, Headers.of(bytes("x"), high).value(0));
    }

    @Test
    void over_takesBoundsInAnyOrderOfTheBlock() {
        byte[] block = bytes("GET example HTTP/1.1\r\nhost: other\r\n");
        Headers headers = Headers.over(block, 1).field(22, 26, 4, 11).build();
        assertSame(block, headers.block());
        assertEquals(22, headers.nameStart(0));
        assertEquals(26, headers.nameEnd(0));
        assertEquals(4, headers.valueStart(0));
        assertEquals(11, headers.valueEnd(0));
        assertArrayEquals(bytes("example"), headers.value(0));
    }

    @Test
    void builder_growsBeyondWhatWasExpected() {
        Headers.Builder fields = Headers.over(bytes("ab"), 0);
        for (int i = 0; i < 100; i++) {
            fields.field(0, 1, 1, 2);
        }
        Headers headers = fields.build();
        assertEquals(100, headers.size());
        assertArrayEquals(bytes("b"), headers.value(99));
    }

    @Test
    void builder_holdsFewerThanExpected() {
        assertEquals(1, Headers.over(bytes("ab"), 9).field(0, 1, 1, 2).build().size());
    }

    @Test
    void builder_outsideTheBlock_isRefused() {
        Headers.Builder fields = Headers.over(bytes("ab"), 1);
        assertThrows(IndexOutOfBoundsException.class, () -> fields.field(0, 3, 0, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> fields.field(0, 1, 2, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> fields.field(-1, 1, 1, 2));
    }

    @Test
    void builder_isGoodForOneBuild() {
        Headers.Builder fields = Headers.over(bytes("ab"), 1).field(0, 1, 1, 2);
        fields.build();
        assertThrows(IllegalStateException.class, () -> fields.field(0, 1, 1, 2));
        assertThrows(IllegalStateException.class, fields::build);
    }

    @Test
    void of_illegalFields_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> pairs("a b", "v"));
        assertThrows(IllegalArgumentException.class, () -> pairs("a", "v\r\nx: y"));
        assertThrows(IllegalArgumentException.class, () -> pairs("a"));
    }

    @Test
    void empty_hasNoFields() {
        assertEquals(0, Headers.EMPTY.size());
        assertEquals(-1, Headers.EMPTY.find(COOKIE, 0));
    }

    private static Headers pairs(String... pairs) {
        byte[][] bytes = new byte[pairs.length][];
        for (int i = 0; i < pairs.length; i++) {
            bytes[i] = bytes(pairs[i]);
        }
        return Headers.of(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
