package io.spvn.bridge.asgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeaderSyntaxTest {
    private static final String TOKEN_CHARACTERS =
            "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    @Test
    void name_isMadeOfTokenCharactersOnly() {
        for (int octet = 0; octet < 256; octet++) {
            byte[] name = {'x', (byte) octet, 'x'};
            boolean legal = TOKEN_CHARACTERS.indexOf(octet) >= 0;
            assertEquals(
                    legal, accepts(() -> HeaderSyntax.requireName(name, 0, 3)), "octet " + octet);
            assertEquals(legal ? 3 : 1, HeaderSyntax.tokenEnd(name, 0, 3), "octet " + octet);
        }
    }

    @Test
    void value_isMadeOfEverythingButControlCharacters() {
        for (int octet = 0; octet < 256; octet++) {
            byte[] value = {'x', (byte) octet, 'x'};
            boolean legal = octet == '\t' || (octet >= ' ' && octet != 0x7F);
            assertEquals(
                    legal, accepts(() -> HeaderSyntax.requireValue(value, 0, 3)), "octet " + octet);
            assertEquals(legal ? 3 : 1, HeaderSyntax.valueEnd(value, 0, 3), "octet " + octet);
        }
    }

    @Test
    void onlyTheRangeIsLookedAt() {
        byte[] block = bytes("\nname\n");
        assertDoesNotThrow(() -> HeaderSyntax.requireName(block, 1, 5));
        assertDoesNotThrow(() -> HeaderSyntax.requireValue(block, 1, 5));
    }

    @Test
    void name_empty_isRefused() {
        assertEquals(
                "header name is empty", refusal(() -> HeaderSyntax.requireName(bytes(""), 0, 0)));
    }

    @Test
    void value_empty_isLegal() {
        assertDoesNotThrow(() -> HeaderSyntax.requireValue(bytes(""), 0, 0));
    }

    @Test
    void refusal_showsTheOffenderReadably() {
        byte[] name = bytes("x y\u00e9");
        assertEquals(
                "illegal byte 0x20 in header name 'x y\\xe9'",
                refusal(() -> HeaderSyntax.requireName(name, 0, name.length)));
        byte[] value = bytes("a\r\nset-cookie: b");
        assertEquals(
                "illegal byte 0x0d in header value 'a\\x0d\\x0aset-cookie: b'",
                refusal(() -> HeaderSyntax.requireValue(value, 0, value.length)));
    }

    @Test
    void refusal_ofSomethingLong_isShort() {
        byte[] value = bytes("v".repeat(5000) + "\n");
        String message = refusal(() -> HeaderSyntax.requireValue(value, 0, value.length));
        assertTrue(message.length() < 120 && message.endsWith("...'"), message);
    }

    @Test
    void lowerCase_changesLettersInRangeOnly() {
        byte[] block = bytes("AZ[az\u00c9-AZ");
        HeaderSyntax.lowerCase(block, 0, 7);
        assertEquals("az[az\u00c9-AZ", new String(block, ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "007, 7",
        "9223372036854775807, 9223372036854775807",
        "9223372036854775808, -1",
        "99999999999999999999, -1",
        "'', -1",
        "+5, -1",
        "-5, -1",
        "5x, -1",
        "0x5, -1",
        "'5 ', -1",
        "'1,2', -1"
    })
    void decimal_readsDigitsOnly(String text, long number) {
        byte[] block = bytes("[" + text + "]");
        assertEquals(number, HeaderSyntax.decimal(block, 1, block.length - 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {0xB2, 0xB9})
    void decimal_knowsNoDigitsButAscii(int octet) {
        assertEquals(-1, HeaderSyntax.decimal(new byte[] {(byte) octet}, 0, 1));
    }

    private static boolean accepts(Runnable check) {
        try {
            check.run();
            return true;
        } catch (IllegalArgumentException refused) {
            return false;
        }
    }

    private static String refusal(Runnable check) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, check::run).getMessage());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
