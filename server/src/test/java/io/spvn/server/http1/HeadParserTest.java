package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.spvn.server.http.RequestRules;
import io.spvn.server.http.Rule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HeadParserTest {
    private static final String SIMPLE = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    static List<Named<String>> everything() {
        return Stream.concat(
                        HeadCorpus.ACCEPTED.stream(),
                        HeadCorpus.REFUSED.stream().map(HeadCorpus.Refused::request))
                .map(request -> Named.of(HeadCorpus.shown(request), request))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("everything")
    void byteByByte_isAsWhole(String request) {
        assertEquals(Parsing.whole(request), Parsing.inPieces(request, _ -> 1));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void anyTwoPieces_areAsWhole(String request) {
        String whole = Parsing.whole(request);
        for (int cut = 1; cut < Math.min(request.length(), 300); cut++) {
            int first = cut;
            assertEquals(whole, Parsing.inPieces(request, at -> at == 0 ? first : 100_000));
        }
    }

    @Test
    void end_isWhereTheNextRequestStarts() {
        HeadParser parser = Heads.parser();
        byte[] bytes = Heads.bytes(SIMPLE + "POST /2 HTTP/1.1\r\nHost: b\r\n\r\nbody");
        int first = parser.parse(bytes, 0, bytes.length);
        assertEquals(SIMPLE.length(), first);
        assertEquals("GET", parser.head().method());
        int second = parser.parse(bytes, first, bytes.length);
        assertEquals(bytes.length - 4, second);
        assertEquals("POST", parser.head().method());
        assertEquals("host: b\n", Heads.text(parser.head().headers()));
    }

    @Test
    void emptyLinesBetweenRequests_areSkipped() {
        HeadParser parser = Heads.parser();
        byte[] bytes = Heads.bytes(SIMPLE + "\r\n" + SIMPLE);
        int first = parser.parse(bytes, 0, bytes.length);
        assertEquals(bytes.length, parser.parse(bytes, first, bytes.length));
    }

    @Test
    void nothing_isNotYetAHead() {
        HeadParser parser = Heads.parser();
        assertEquals(-1, parser.parse(new byte[0], 0, 0));
        assertEquals(-1, parser.parse(Heads.bytes("\r\n"), 0, 2));
        assertThrows(IllegalStateException.class, parser::head);
    }

    @Test
    void bytesMovedBetweenCalls_areFoundAgain() {
        HeadParser parser = Heads.parser();
        assertEquals(-1, parser.parse(Heads.bytes("???\r\nGET / HT"), 3, 13));
        byte[] moved = Heads.bytes("\r\n" + SIMPLE);
        assertEquals(moved.length, parser.parse(moved, 0, moved.length));
        assertEquals("/", Heads.text(parser.head().target()));
    }

    @Test
    void head_survivesWhatBecomesOfTheBuffer() {
        HeadParser parser = Heads.parser();
        byte[] bytes = Heads.bytes(SIMPLE);
        parser.parse(bytes, 0, bytes.length);
        RequestHead head = parser.head();
        Arrays.fill(bytes, (byte) '!');
        assertEquals("host: a\n", Heads.text(head.headers()));
    }

    @Test
    void names_areLowerCase_valuesAreNot() {
        RequestHead head = Heads.parse("GET / HTTP/1.1\r\nHOST: Example\r\nX-Y: \u00c9Z\r\n\r\n");
        assertEquals("host: Example\nx-y: \u00c9Z\n", Heads.text(head.headers()));
    }

    @Test
    void whitespaceAroundValues_isTrimmed() {
        RequestHead head =
                Heads.parse("GET / HTTP/1.1\r\nHost:a\r\nX: \t b c \t\r\nY: \t \r\n\r\n");
        assertEquals("host: a\nx: b c\ny: \n", Heads.text(head.headers()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void requestLine_mayBeAsLongAsAllowed(int over) {
        String target = "/".repeat(Heads.MAX_LINE - "GET  HTTP/1.1".length() + over);
        String request = "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
        assertLimit(over, HeadRules.LINE_TOO_LONG, request);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void head_mayBeAsLargeAsAllowed(int over) {
        String start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
        String value = "x".repeat(Heads.MAX_BYTES - start.length() - 4 + over);
        assertLimit(over, RequestRules.HEAD_TOO_LARGE, start + value + "\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void fields_mayBeAsManyAsAllowed(int over) {
        String fields = "X: y\r\n".repeat(Heads.MAX_FIELDS - 1 + over);
        assertLimit(
                over,
                RequestRules.TOO_MANY_FIELDS,
                "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
    }

    @Test
    void moreFieldsThanUsual_areAllKept() {
        HeadParser parser = new HeadParser(100, 100_000, 1000);
        byte[] bytes =
                Heads.bytes("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n".repeat(999) + "\r\n");
        assertEquals(bytes.length, parser.parse(bytes, 0, bytes.length));
        assertEquals(1000, parser.head().headers().size());
    }

    @Test
    void largeHead_drippingIn_isNotScannedAgainAndAgain() {
        int size = 300_000;
        HeadParser parser = new HeadParser(100, 2 * size, 8);
        byte[] bytes =
                Heads.bytes("GET / HTTP/1.1\r\nHost: a\r\nX: " + "y".repeat(size) + "\r\n\r\n");
        assertTimeout(
                Duration.ofSeconds(10),
                () -> {
                    for (int to = 1; to < bytes.length; to++) {
                        assertEquals(-1, parser.parse(bytes, 0, to));
                    }
                });
        assertEquals(bytes.length, parser.parse(bytes, 0, bytes.length));
    }

    private static void assertLimit(int over, Rule rule, String request) {
        String outcome = Parsing.whole(request);
        String refusal = Parsing.text(rule.error());
        if (over > 0) {
            assertEquals(refusal, outcome);
        } else {
            assertEquals("end " + request.length(), outcome.lines().findFirst().orElseThrow());
        }
    }
}
