package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import java.util.Random;
import java.util.zip.CRC32;

/// What holds for any bytes that are read as a request head: they are a head, a refusal or the
/// beginning of one, and nothing else is thrown; how they are cut into reads does not matter; and a
/// head that is accepted can be written again.
final class HeadProperties {
    private static final int AMPLE = 10_000;
    private static final int EMPTY_LINES = 2 * 4;

    private HeadProperties() {}

    static void check(byte[] bytes) {
        String request = Heads.text(bytes);
        String whole = Parsing.whole(request);
        var cuts = cuts(bytes);
        assertEquals(whole, Parsing.inPieces(request, _ -> 1 + cuts.nextInt(40)));
        TargetProperties.checkDecoding(bytes);
        if (whole.startsWith("end ")) {
            accepted(bytes);
        }
    }

    /// The same cuts for the same bytes, so that a found case stays one.
    static Random cuts(byte[] bytes) {
        var sum = new CRC32();
        sum.update(bytes);
        return new Random(sum.getValue());
    }

    private static void accepted(byte[] bytes) {
        HeadParser parser = Heads.parser();
        int end = parser.parse(bytes, 0, bytes.length);
        RequestHead head = parser.head();
        withinLimits(bytes, end);
        endsWhereItSays(bytes, end, head);
        TargetProperties.check(head);
        FieldProperties.check(head);
        sameAgain(head);
    }

    private static void withinLimits(byte[] bytes, int end) {
        String text = Heads.text(bytes, 0, end);
        String head = text.replaceFirst("^(\r\n)+", "");
        assertTrue(text.length() - head.length() <= EMPTY_LINES);
        assertTrue(head.length() <= Heads.MAX_BYTES);
        assertTrue(head.indexOf("\r\n") <= Heads.MAX_LINE);
        assertTrue(head.split("\r\n").length - 1 <= Heads.MAX_FIELDS);
        assertEquals(head.length() - 4, head.indexOf("\r\n\r\n"));
    }

    private static void endsWhereItSays(byte[] bytes, int end, RequestHead head) {
        HeadParser parser = Heads.parser();
        assertEquals(-1, parser.parse(bytes, 0, end - 1));
        assertEquals(end, parser.parse(bytes, 0, end));
        assertEquals(Heads.text(head), Heads.text(parser.head()));
    }

    private static void sameAgain(RequestHead head) {
        byte[] written = Heads.bytes(written(head));
        var parser = new HeadParser(AMPLE, AMPLE, AMPLE);
        assertEquals(written.length, parser.parse(written, 0, written.length));
        assertEquals(Heads.text(head), Heads.text(parser.head()));
    }

    private static String written(RequestHead head) {
        var text = new StringBuilder(head.method());
        text.append(' ').append(Heads.text(head.target())).append(" HTTP/1.");
        text.append(head.http10() ? '0' : '1').append("\r\n");
        Headers fields = head.headers();
        for (int i = 0; i < fields.size(); i++) {
            text.append(FieldProperties.name(fields, i)).append(": ");
            text.append(Heads.text(fields.value(i))).append("\r\n");
        }
        return text.append("\r\n").toString();
    }
}
