package io.spvn.server.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.Octets;
import io.spvn.server.connection.WireBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameWriterTest {
    private static final String EURO = "\u00E2\u0082\u00AC";

    private final StringBuilder wire = new StringBuilder();
    private final WireBuffer out = new WireBuffer(64);
    private final FrameWriter writer = new FrameWriter(new Ledger(1 << 20), null);

    @BeforeEach
    void attach() {
        out.attach((bytes, length) -> wire.append(Octets.text(bytes, 0, length)));
    }

    @ParameterizedTest
    @CsvSource({"0,00", "125,7d", "126,7e007e", "65535,7effff", "65536,7f0000000000010000"})
    void message_isOneFrame_withTheShortestLength(int length, String octets) {
        Payload data = Payload.of(new byte[length]);
        assertTrue(writer.binary(data, out));
        assertEquals("82" + octets, head(2 + octets.length()));
        assertEquals(1 + octets.length() / 2 + length, wire.length());
    }

    @Test
    void kinds_haveTheirOpcodes() {
        byte[] a = Octets.of("a");
        assertTrue(writer.text(Payload.of(a), out));
        assertTrue(writer.ping(a, out));
        assertTrue(writer.pong(a, out));
        assertTrue(writer.close(1000, "", out));
        assertEquals("\u0081\1a\u0089\1a\u008A\1a\u0088\2\3\u00E8", written());
    }

    @Test
    void closeWithoutCode_hasNoPayload() {
        assertTrue(writer.close(1005, "dropped", out));
        assertEquals("\u0088\0", written());
    }

    @Test
    void afterAClose_nothingGoesOut() {
        writer.close(1001, "bye", out);
        String closed = written();
        assertTrue(writer.isClosed());
        assertFalse(writer.text(Payload.EMPTY, out));
        assertFalse(writer.binary(Payload.EMPTY, out));
        assertFalse(writer.ping(new byte[0], out));
        assertFalse(writer.pong(new byte[0], out));
        assertFalse(writer.close(1000, "", out));
        assertEquals(closed, written());
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 999, 1004, 1006, 1015, 1016, 2999, 5000, 66_536})
    void codeThatMayNotBeSent_isTheCallersError(int code) {
        assertThrows(IllegalArgumentException.class, () -> writer.close(code, "", out));
        assertFalse(writer.isClosed());
        assertEquals("", written());
    }

    @Test
    void controlFrame_isNotTooLong() {
        byte[] data = new byte[126];
        assertThrows(IllegalArgumentException.class, () -> writer.ping(data, out));
        assertThrows(IllegalArgumentException.class, () -> writer.pong(data, out));
        assertEquals("", written());
    }

    /// In octets; three are the last character.
    @ParameterizedTest
    @CsvSource({"119,122", "120,123", "121,121", "122,122", "123,123", "200,123"})
    void longReason_isCutBetweenCharacters(int before, int sent) {
        writer.close(1000, "x".repeat(before) + "\u20AC", out);
        assertEquals(sent + 2, written().charAt(1));
        String all = "x".repeat(before) + EURO;
        assertEquals(all.substring(0, sent), written().substring(4));
    }

    @Test
    void halfASurrogatePair_isSentAsAnotherCharacter() {
        writer.close(1000, "a\uD83D", out);
        assertEquals(List.of("close 1000 a?"), received());
    }

    private List<String> received() {
        byte[] unmasked = Octets.of(written());
        byte[] payload = Octets.of(written().substring(2));
        byte[] frame = Frames.frame(unmasked[0], payload);
        return Frames.all(new FrameReader(new Ledger(1 << 20), 1000, null), frame);
    }

    private String written() {
        out.flush();
        return wire.toString();
    }

    private String head(int digits) {
        var hex = new StringBuilder();
        for (char octet : written().substring(0, digits / 2).toCharArray()) {
            hex.append("%02x".formatted((int) octet));
        }
        return hex.toString();
    }
}
