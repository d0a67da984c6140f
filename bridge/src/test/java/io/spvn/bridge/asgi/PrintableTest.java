package io.spvn.bridge.asgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PrintableTest {
    @Test
    void line_everyOctetIsPlainOrEscaped() {
        for (int octet = 0; octet <= 0xFF; octet++) {
            String shown = Printable.line(new byte[] {(byte) octet});
            boolean plain = octet >= 0x20 && octet <= 0x7E;
            assertEquals(plain ? String.valueOf((char) octet) : "\\x%02x".formatted(octet), shown);
        }
    }

    @Test
    void line_isBounded() {
        byte[] bytes = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
        assertEquals("x".repeat(200) + "...", Printable.line(bytes));
        assertEquals("xx", Printable.line(bytes, 5, 7));
    }

    @Test
    void text_keepsWhatTracebacksAreMadeOf() {
        String text = "Traceback:\n\tgr\u00fc\u00dfe \u4e16 \ud83d\ude00\n";
        assertSame(text, Printable.text(text));
    }

    @Test
    void text_escapesEveryOtherControlCharacter() {
        for (char next = 0; next < 0xA0; next++) {
            boolean control = (next < 0x20 && next != '\n' && next != '\t') || next >= 0x7F;
            String shown = control ? "\\x%02x".formatted((int) next) : String.valueOf(next);
            assertEquals("a" + shown + "b", Printable.text("a" + next + "b"));
        }
        assertEquals("\\u2028\\u2029", Printable.text("\u2028\u2029"));
    }

    @Test
    void json_isOneLineThatUtf8CanCarry() {
        assertEquals("\"\"", Printable.json(""));
        assertEquals(
                "\"gr\u00fc\u00dfe \ud83d\ude00\"", Printable.json("gr\u00fc\u00dfe \ud83d\ude00"));
        assertEquals(
                "\"a\\n\\t\\\"\\\\\\u0000\\u001b\\u0085\\u2028\"",
                Printable.json("a\n\t\"\\\0\u001b\u0085\u2028"));
        assertEquals("\"\\ud83dx\\ude00\"", Printable.json("\ud83dx\ude00"));
        assertEquals("\"\\ud83d\"", Printable.json("\ud83d"));
    }
}
