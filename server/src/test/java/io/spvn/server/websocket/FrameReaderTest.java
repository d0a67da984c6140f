package io.spvn.server.websocket;

import static io.spvn.server.websocket.Frames.FIN;
import static io.spvn.server.websocket.Frames.MASK;
import static io.spvn.server.websocket.Frames.RSV1;
import static io.spvn.server.websocket.Frames.RSV2;
import static io.spvn.server.websocket.Frames.RSV3;
import static io.spvn.server.websocket.Frames.frame;
import static io.spvn.server.websocket.Frames.joined;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.connection.Octets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameReaderTest {
    private static final int MAX = 200_000;
    private static final byte[] NONE = {};

    /// Frames in a row, and what is received.
    @SuppressWarnings("ArrayRecordComponent") // read, not compared
    record Row(String name, byte[] bytes, List<String> received) {
        Row(String name, byte[] bytes, String... received) {
            this(name, bytes, List.of(received));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final Ledger ledger = new Ledger(1 << 20);
    private final FrameReader reader = new FrameReader(ledger, MAX, null);

    static List<Row> legal() {
        return List.of(
                new Row("text", frame(FIN | 1, "hello"), "text hello"),
                new Row("binary", frame(FIN | 2, "\0\u00FF"), "binary \0\u00FF"),
                new Row("empty text", frame(FIN | 1, ""), "text "),
                new Row("empty binary", frame(FIN | 2, ""), "binary "),
                new Row("ping", frame(FIN | 9, "p"), "ping p"),
                new Row("pong", frame(FIN | 10, ""), "pong "),
                new Row("longest ping", frame(FIN | 9, "x".repeat(125)), "ping " + "x".repeat(125)),
                new Row("126 bytes", frame(FIN | 1, "x".repeat(126)), "text " + "x".repeat(126)),
                new Row("65,535", frame(FIN | 1, "x".repeat(65535)), "text " + "x".repeat(65535)),
                new Row("65,536", frame(FIN | 1, "x".repeat(65536)), "text " + "x".repeat(65536)),
                new Row(
                        "fragments",
                        joined(frame(1, "a"), frame(0, ""), frame(0, "b"), frame(FIN, "c")),
                        "text abc"),
                new Row(
                        "a ping between fragments",
                        joined(frame(2, "a"), frame(FIN | 9, "p"), frame(FIN, "b")),
                        "ping p",
                        "binary ab"),
                new Row(
                        "a character cut by fragments",
                        joined(frame(1, "\u00E2\u0082"), frame(FIN, "\u00AC")),
                        "text \u00E2\u0082\u00AC"),
                new Row(
                        "bytes that are no text",
                        joined(frame(FIN | 2, "\u00FF"), frame(FIN | 1, "a")),
                        "binary \u00FF",
                        "text a"),
                new Row("close without code", frame(FIN | 8, ""), "close 1005 "),
                new Row("close", frame(FIN | 8, "\3\u00E8bye"), "close 1000 bye"),
                new Row("close of the app's", frame(FIN | 8, "\u0013\u0087"), "close 4999 "),
                new Row(
                        "close within a message, and what follows it",
                        joined(frame(1, "a"), frame(FIN | 8, ""), frame(FIN, "b"), new byte[99]),
                        "close 1005 "));
    }

    static List<Row> broken() {
        return List.of(
                new Row("bit 2", frame(FIN | RSV2 | 1, ""), "RESERVED_BIT"),
                new Row("bit 3", frame(FIN | RSV3 | 1, ""), "RESERVED_BIT"),
                new Row("not agreed on", frame(FIN | RSV1 | 1, ""), "RESERVED_BIT"),
                new Row("opcode 3", frame(FIN | 3, ""), "RESERVED_OPCODE"),
                new Row("opcode 7", frame(FIN | 7, ""), "RESERVED_OPCODE"),
                new Row("opcode 11", frame(FIN | 11, ""), "RESERVED_OPCODE"),
                new Row("opcode 15", frame(FIN | 15, ""), "RESERVED_OPCODE"),
                new Row("no mask", new byte[] {(byte) (FIN | 1), 0}, "UNMASKED"),
                new Row(
                        "16 bits for 125",
                        frame(FIN | 1, 125, 2, NONE, MASK),
                        "LENGTH_NOT_MINIMAL"),
                new Row(
                        "64 bits for 65,535",
                        frame(FIN | 1, 65535, 8, NONE, MASK),
                        "LENGTH_NOT_MINIMAL"),
                new Row("64th bit", frame(FIN | 1, -1, 8, NONE, MASK), "LENGTH_SIGN"),
                new Row(
                        "longest of all",
                        frame(FIN | 1, Long.MAX_VALUE, 8, NONE, MASK),
                        "MESSAGE_TOO_BIG"),
                new Row(
                        "longest of all behind another",
                        joined(frame(1, "a"), frame(FIN, Long.MAX_VALUE, 8, NONE, MASK)),
                        "MESSAGE_TOO_BIG"),
                new Row("ping without FIN", frame(9, ""), "CONTROL_FRAGMENTED"),
                new Row("ping of 126", frame(FIN | 9, "x".repeat(126)), "CONTROL_TOO_LONG"),
                new Row("ping of 65,536", frame(FIN | 9, "x".repeat(65536)), "CONTROL_TOO_LONG"),
                new Row("continuation", frame(FIN, "a"), "NOTHING_TO_CONTINUE"),
                new Row(
                        "continuation of a whole message",
                        joined(frame(FIN | 1, "a"), frame(FIN, "b")),
                        "text a",
                        "NOTHING_TO_CONTINUE"),
                new Row(
                        "message in a message",
                        joined(frame(1, "a"), frame(FIN | 2, "b")),
                        "MESSAGE_IN_MESSAGE"),
                new Row("half a code", frame(FIN | 8, "\3"), "CLOSE_CODE_CUT"),
                new Row("code 999", frame(FIN | 8, "\3\u00E7"), "CLOSE_CODE"),
                new Row("code 1005", frame(FIN | 8, "\3\u00ED"), "CLOSE_CODE"),
                new Row("code 5000", frame(FIN | 8, "\u0013\u0088"), "CLOSE_CODE"),
                new Row("reason", frame(FIN | 8, "\3\u00E8\u00FF"), "CLOSE_REASON"),
                new Row("cut reason", frame(FIN | 8, "\3\u00E8\u00E2\u0082"), "CLOSE_REASON"),
                new Row("text", frame(FIN | 1, "a\u00FF"), "TEXT"),
                new Row("cut text", frame(FIN | 1, "a\u00E2\u0082"), "TEXT"),
                new Row(
                        "cut text in fragments",
                        joined(frame(1, "\u00E2\u0082"), frame(FIN, "")),
                        "TEXT"),
                new Row("too big", frame(FIN | 1, MAX + 1, 8, NONE, MASK), "MESSAGE_TOO_BIG"),
                new Row(
                        "too big together",
                        joined(frame(2, new byte[MAX]), frame(FIN, 1, 0, NONE, MASK)),
                        "MESSAGE_TOO_BIG"));
    }

    @ParameterizedTest
    @MethodSource({"legal", "broken"})
    void frames_areReceived_howeverTheyAreCut(Row row) {
        for (int piece : List.of(Integer.MAX_VALUE, 1, 7)) {
            var fresh = new FrameReader(ledger, MAX, null);
            assertEquals(row.received, Frames.all(fresh, row.bytes, _ -> piece));
        }
    }

    @ParameterizedTest
    @MethodSource("broken")
    void brokenRule_isTheLastThatIsReceived(Row row) {
        Frames.all(reader, row.bytes);
        assertEquals(List.of(), Frames.all(reader, frame(FIN | 1, "more")));
        assertEquals(0, reader.held());
    }

    @Test
    void everyRuleOfFrames_isBrokenByARow() {
        List<String> elsewhere = List.of("COMPRESSION", "TOO_MANY_FRAGMENTS", "NO_ROOM");
        List<String> rows =
                new ArrayList<>(broken().stream().map(r -> r.received.getLast()).toList());
        rows.addAll(elsewhere);
        for (FrameRules rule : FrameRules.values()) {
            assertTrue(rows.contains(rule.name()), rule.name());
        }
    }

    @Test
    void wrongText_isKnownAtItsFirstWrongOctet() {
        byte[] bytes = frame(FIN | 1, "ab\u00F4\u0090cdef");
        int end = bytes.length - "cdef".length();
        assertNull(reader.read(bytes, 0, end - 1));
        assertInstanceOf(Received.Failure.class, reader.read(bytes, end - 1, end));
    }

    @Test
    void tooBigFrame_isRefusedByItsHead() {
        byte[] bytes = frame(FIN | 2, MAX + 1, 8, NONE, MASK);
        assertEquals(List.of("MESSAGE_TOO_BIG"), Frames.all(reader, bytes));
        assertEquals(0, ledger.held());
    }

    @Test
    void announcedFrame_holdsNothingBeforeItComes() {
        assertNull(reader.read(frame(FIN | 2, MAX, 8, NONE, MASK), 0, 14));
        assertEquals(0, reader.held());
        byte[] some = new byte[5000];
        assertNull(reader.read(some, 0, some.length));
        assertTrue(reader.held() <= 2 * some.length, "held " + reader.held());
        assertEquals(reader.held(), ledger.held());
    }

    @Test
    void message_weighsWhatItIs_untilItIsGivenBack() {
        Frames.all(reader, joined(frame(2, new byte[5000]), frame(FIN, new byte[1])));
        assertEquals(Ledger.weight(5001), ledger.held());
        assertEquals(0, reader.held());
    }

    @Test
    void whatAMessageHolds_isGivenBackAtTheEnd() {
        Frames.all(reader, frame(2, new byte[5000]));
        assertTrue(ledger.held() > 0);
        reader.close();
        assertEquals(0, ledger.held());
    }

    @Test
    void noRoomInTheLedger_failsTheWebSocket() {
        var full = new FrameReader(new Ledger(20_000), MAX, null);
        assertEquals(List.of("NO_ROOM"), Frames.all(full, frame(FIN | 2, new byte[30_000])));
        assertEquals(1013, FrameRules.NO_ROOM.code().code());
    }

    @Test
    void messageWithoutEnd_isRefused() {
        byte[] empty = frame(0, "");
        byte[] many =
                joined(IntStream.range(0, 17_000).mapToObj(_ -> empty).toArray(byte[][]::new));
        assertEquals(List.of("TOO_MANY_FRAGMENTS"), Frames.all(reader, joined(frame(1, ""), many)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void messageInWords_isNotRefused(int word) {
        int words = 10_000;
        byte[] next = frame(0, "w".repeat(word));
        byte[] many = joined(IntStream.range(0, words).mapToObj(_ -> next).toArray(byte[][]::new));
        byte[] all = joined(frame(1, ""), many, frame(FIN, ""));
        assertEquals(List.of("text " + "w".repeat(word * words)), Frames.all(reader, all));
    }

    @Test
    void input_isNotWrittenTo() {
        byte[] bytes = frame(FIN | 1, "hello");
        Frames.all(reader, bytes);
        assertEquals(Octets.text(frame(FIN | 1, "hello")), Octets.text(bytes));
    }

    @Test
    void limit_isWithinBounds() {
        assertThrows(IllegalArgumentException.class, () -> new FrameReader(ledger, -1, null));
        assertThrows(
                IllegalArgumentException.class,
                () -> new FrameReader(ledger, FrameReader.MOST + 1, null));
    }
}
