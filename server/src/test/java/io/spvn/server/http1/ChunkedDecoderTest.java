package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.http.HttpError;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChunkedDecoderTest {
    private static final String END = "0\r\n\r\n";
    private static final int FUZZ_ROUNDS = 20_000;

    /// Each decodes to `hello`.
    private static final List<String> HELLO =
            List.of(
                    "5\r\nhello\r\n" + END,
                    "2\r\nhe\r\n3\r\nllo\r\n" + END,
                    "00000005\r\nhello\r\n000\r\n\r\n",
                    "5;a\r\nhello\r\n" + END,
                    "5;a=b;c\r\nhello\r\n0;d=e\r\n\r\n",
                    "5 ; a = b ;c= d\r\nhello\r\n" + END,
                    "5\t;\ta\r\nhello\r\n" + END,
                    "5;a=\"b;\\\" c=\\\\d\t\u00e9\"\r\nhello\r\n" + END,
                    "5;a=\"\";b\r\nhello\r\n" + END,
                    "5;a=\"b\" ;c\r\nhello\r\n" + END,
                    "5;5=5\r\nhello\r\n" + END,
                    "5\r\nhello\r\n0\r\nX-Checksum: abc\r\n\r\n",
                    "5\r\nhello\r\n0\r\nA:\r\nContent-Length: 50\r\nB: \"x\\y\" \u00ff\r\n\r\n");

    /// What became of a body: the data up to there, and how it ended.
    private record Outcome(String data, String end) {}

    static List<Named<String>> hello() {
        return named(HELLO);
    }

    static List<BodyCorpus.Refused> malformed() {
        return BodyCorpus.REFUSED;
    }

    @ParameterizedTest
    @MethodSource("hello")
    void legalCoding_yieldsTheData(String coded) {
        assertEquals(new Outcome("hello", "done " + coded.length()), whole(coded));
        assertEquals(whole(coded), inPieces(coded, _ -> 1));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedCoding_breaksItsRule(BodyCorpus.Refused row) {
        Outcome outcome = whole(row.coded());
        assertEquals(Parsing.text(row.rule().error()), outcome.end);
        assertEquals(outcome, inPieces(row.coded(), _ -> 1));
    }

    @Test
    void size_isReadInEitherCase() {
        String data = "x".repeat(0xAb);
        assertEquals(data, whole("aB\r\n" + data + "\r\n" + END).data);
    }

    @Test
    void emptyBody_isDoneAtOnce() {
        assertEquals(new Outcome("", "done 5"), whole(END));
    }

    @Test
    void nextRequest_isNotConsumed() {
        assertEquals(new Outcome("", "done 5"), whole(END + "GET / HTTP/1.1\r\n"));
    }

    @Test
    void missingEnd_isNotDone() {
        assertEquals(new Outcome("hello", "more"), whole("5\r\nhello\r\n"));
        assertEquals(new Outcome("hello", "more"), whole("5\r\nhello\r\n0\r\n"));
        assertEquals(new Outcome("", "more"), whole("5"));
    }

    @Test
    void hugeChunk_isHandedOnAsItComes() {
        assertEquals(new Outcome("hello", "more"), whole("7FFFFFFFFFFFFFFF\r\nhello"));
    }

    @Test
    void data_isHandedOnInPlace() {
        byte[] coded = Heads.bytes("5\r\nhello\r\n");
        new ChunkedDecoder()
                .decode(
                        coded,
                        0,
                        coded.length,
                        (buffer, from, length) -> {
                            assertEquals(3, from);
                            assertEquals(5, length);
                            assertSame(coded, buffer);
                        });
    }

    @Test
    void failingSink_isNotSwallowed() {
        byte[] coded = Heads.bytes("5\r\nhello\r\n");
        var decoder = new ChunkedDecoder();
        assertThrows(
                IllegalStateException.class,
                () ->
                        decoder.decode(
                                coded,
                                0,
                                coded.length,
                                (_, _, _) -> {
                                    throw new IllegalStateException("sink");
                                }));
        assertFalse(decoder.done());
    }

    @Test
    void longExtension_isRefused() {
        assertEquals("hello", whole("5;" + "a".repeat(4000) + "\r\nhello\r\n" + END).data);
        assertRefused("extensions", "5;" + "a".repeat(5000) + "\r\nhello\r\n" + END);
    }

    @Test
    void extensionsThatOutweighTheData_areRefused() {
        String chunk = "1;" + "a".repeat(999) + "\r\nx\r\n";
        assertEquals("x".repeat(10), whole(chunk.repeat(10) + END).data);
        assertRefused("extensions", chunk.repeat(20) + END);
        String signed = "400;" + "a".repeat(999) + "\r\n" + "x".repeat(1024) + "\r\n";
        assertEquals("done " + (signed.length() * 50 + 5), whole(signed.repeat(50) + END).end);
    }

    @Test
    void trailersWithoutEnd_areRefused() {
        assertRefused("trailers", "0\r\nX: " + "y".repeat(10_000) + "\r\n\r\n");
        assertRefused("trailers", "0\r\n" + "X: y\r\n".repeat(65) + "\r\n");
        String most = "0\r\n" + "X: y\r\n".repeat(64) + "\r\n";
        assertEquals("done " + most.length(), whole(most).end);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomBody_inRandomPieces_isItself(long seed) {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            String data = randomText(random, random.nextInt(5000));
            String coded = coded(data, random);
            assertEquals(
                    new Outcome(data, "done " + coded.length()),
                    inPieces(coded + "GET", _ -> 1 + random.nextInt(700)));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void mutatedCoding_isDoneOrRefusedOrIncomplete_howeverItIsCut(long seed) {
        var random = new Random(seed);

        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            var coded = new StringBuilder(HELLO.get(random.nextInt(HELLO.size())));
            for (int i = random.nextInt(1, 5); i > 0; i--) {
                mutate(coded, random);
            }
            String text = coded.toString();
            assertEquals(
                    whole(text),
                    inPieces(text, _ -> 1 + random.nextInt(8)),
                    () -> HeadCorpus.shown(text));
        }
    }

    private static void mutate(StringBuilder coded, Random random) {
        int at = random.nextInt(coded.length() + 1);
        String scraps = "\r\n;=\"\\: 05afZ\t\0\u00ff";
        switch (random.nextInt(3)) {
            case 0 -> coded.insert(at, scraps.charAt(random.nextInt(scraps.length())));
            case 1 -> coded.delete(at, Math.min(coded.length(), at + 1));
            default -> coded.insert(at, (char) random.nextInt(256));
        }
    }

    private static String coded(String data, Random random) {
        var coded = new StringBuilder();
        for (int at = 0; at < data.length(); ) {
            int to = Math.min(data.length(), at + random.nextInt(1, 900));
            coded.append(Integer.toHexString(to - at))
                    .append(random.nextBoolean() ? ";a=\"b\"" : "");
            coded.append("\r\n").append(data, at, to).append("\r\n");
            at = to;
        }
        return coded.append(random.nextBoolean() ? "0\r\nX: y\r\n\r\n" : END).toString();
    }

    private static String randomText(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Heads.text(bytes);
    }

    private static void assertRefused(String why, String coded) {
        String end = whole(coded).end;
        assertTrue(end.startsWith("400 ") && end.contains(why), end);
    }

    private static Outcome whole(String coded) {
        return inPieces(coded, _ -> coded.length());
    }

    private static Outcome inPieces(String coded, IntUnaryOperator pieceAt) {
        byte[] bytes = Heads.bytes(coded);
        var decoder = new ChunkedDecoder();
        var data = new StringBuilder();
        int at = 0;
        try {
            while (at < bytes.length && !decoder.done()) {
                int to = Math.min(bytes.length, at + pieceAt.applyAsInt(at));
                at =
                        decoder.decode(
                                bytes,
                                at,
                                to,
                                (buffer, from, length) ->
                                        data.append(Heads.text(buffer, from, length)));
            }
            return new Outcome(data.toString(), decoder.done() ? "done " + at : "more");
        } catch (HttpError error) {
            return new Outcome(data.toString(), Parsing.text(error));
        }
    }

    private static List<Named<String>> named(List<String> texts) {
        return texts.stream().map(text -> Named.of(HeadCorpus.shown(text), text)).toList();
    }
}
