package io.spvn.server.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Utf8Test {
    private static final int ROUNDS = 200_000;

    /// Octets that are next to a bound.
    private static final int[] EDGES = {
        0, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC,
        0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF
    };

    @Test
    void everyCharacter_isValid() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
            if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
                byte[] bytes = Character.toString(point).getBytes(UTF_8);
                assertTrue(Utf8.isValid(bytes, 0, bytes.length));
            }
        }
    }

    @Test
    void everything_isJudgedAsTheJdkDoes() {
        var random = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(24)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        (byte) (random.nextInt(3) == 0 ? 'a' : EDGES[random.nextInt(EDGES.length)]);
            }
            assertEquals(isUtf8(bytes), Utf8.isValid(bytes, 0, bytes.length));
            assertEquals(isUtf8(bytes), isValidInPieces(bytes, random));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0xED_A0, 0xE0_80, 0xF4_90, 0xF0_8F, 0xC0_00, 0xF5_00, 0x80_00})
    void whatNothingCanBegin_isKnownAtOnce(int octets) {
        byte[] bytes = {(byte) (octets >> 8), (byte) octets};
        assertFalse(new Utf8().accepts(bytes, 0, 2));
    }

    @Test
    void nextText_beginsAnew() {
        var text = new Utf8();
        assertTrue(text.accepts(new byte[] {(byte) 0xE2}, 0, 1));
        assertFalse(text.isWhole());
        text.reset();
        assertTrue(text.accepts(new byte[] {'a'}, 0, 1));
        assertTrue(text.isWhole());
    }

    private static boolean isValidInPieces(byte[] bytes, Random random) {
        var text = new Utf8();
        int at = 0;
        while (at < bytes.length) {
            int to = Math.min(bytes.length, at + 1 + random.nextInt(10));
            if (!text.accepts(bytes, at, to)) {
                return false;
            }
            at = to;
        }
        return text.isWhole();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException wrong) {
            return false;
        }
    }
}
