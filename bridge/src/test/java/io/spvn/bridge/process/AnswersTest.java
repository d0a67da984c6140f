package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.process.Message.Down;
import io.spvn.bridge.process.Message.Up;
import io.spvn.bridge.worker.Requests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class AnswersTest {
    private static final byte[] NONE = {};

    @TempDir Path directory;

    private final Bench bench = new Bench();
    private HttpExchange request = Requests.request();
    private int number;

    AnswersTest() throws IOException {}

    @BeforeEach
    void take() throws Exception {
        request = bench.taken(request);
        number = bench.ticket(request).number;
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    // ---- as it should be

    @Test
    void aWholeResponse_isReady_andItsExchangeStaysInHand() throws Exception {
        bench.says(Said.that(Up.RESPONSE, number, 201, bytes("a\0001\0b\0\0"), bytes("all")));
        assertEquals(List.of(request), bench.sink.ready);
        assertEquals("201(a;1;b;;)3 all.", Bench.writes(request));
        assertEquals(1, bench.tickets.size());
    }

    @Test
    void aWholeResponseWhoseAppHasReturned_isOver() throws Exception {
        bench.says(Said.that(Up.ANSWERED, number, 200, NONE, bytes("all")));
        assertEquals("200()3 all.", Bench.writes(request));
        assertEquals(0, bench.tickets.size());
    }

    @Test
    void parts_areReadyOneByOne() throws Exception {
        bench.says(Said.that(Up.START, number, 200, NONE));
        assertEquals(List.of(), bench.sink.ready, "the head waits for the first part");
        bench.says(Said.that(Up.PART, number, bytes("a"), true));
        bench.says(Said.that(Up.PART, number, bytes("b"), false));
        assertEquals(List.of(request, request), bench.sink.ready);
        assertEquals("200()-1 a... b.", Bench.writes(request));
    }

    @Test
    void aLargeBody_isPulledWhenItIsWritten() throws Exception {
        bench.says(Said.that(Up.START, number, 200, NONE));
        bench.says(Said.that(Up.LARGE, number, 9, 100_000.0, false));
        assertEquals(100_000 + 128, request.unwritten());
        Thread writer = Thread.ofVirtual().start(() -> Bench.writes(request));
        for (int length : new int[] {PulledBody.PIECE, 100_000 - PulledBody.PIECE}) {
            assertEquals(List.of(Down.PULL.number(), 9), bench.hear());
            bench.bodies.came(9, new byte[length]);
        }
        writer.join();
        assertEquals(0, request.unwritten());
        assertTrue(bench.isQuiet());
    }

    @Test
    void theEndOfTheApp_isThatOfItsResponse() throws Exception {
        bench.says(Said.that(Up.ENDED, number, null));
        assertEquals("refused APP_FAILED", Bench.writes(request));
        assertEquals(0, bench.tickets.size());
    }

    @Test
    void theEndOfTheApp_inTheMiddleOfItsResponse_breaksItOff() throws Exception {
        bench.says(Said.that(Up.START, number, 200, NONE));
        bench.says(Said.that(Up.PART, number, bytes("a"), true));
        assertEquals("200()-1 a...", Bench.writes(request));
        bench.says(Said.that(Up.ENDED, number, "Traceback\nE: x"));
        assertEquals("aborted APP_FAILED", Bench.writes(request));
    }

    @Test
    void whatIsSaidOfAnExchangeThatIsOver_isDropped() throws Exception {
        bench.says(Said.that(Up.ENDED, number, null));
        bench.says(
                Said.that(Up.RESPONSE, number, 200, NONE, NONE)
                        .and(Up.START, number, 200, NONE)
                        .and(Up.PART, number, NONE, true)
                        .and(Up.ENDED, number, null)
                        .and(Up.WANT, number)
                        .and(Up.FULL, number));
        bench.says(Said.that(Up.LARGE, number, 9, 100_000.0, false));
        assertEquals(List.of(Down.DROP.number(), 9), bench.hear());
        assertTrue(bench.isQuiet());
    }

    @Test
    void whatIsSaidWhenTheClientHasGone_isDropped() throws Exception {
        bench.says(Said.that(Up.START, number, 200, NONE));
        request.broken();
        assertEquals(List.of(Down.GONE.number(), number), bench.hear());
        bench.says(Said.that(Up.LARGE, number, 9, 100_000.0, true));
        assertEquals(List.of(Down.DROP.number(), 9), bench.hear());
        bench.says(Said.that(Up.PART, number, NONE, false).and(Up.ENDED, number, null));
        assertTrue(bench.isQuiet());
        assertEquals(0, bench.tickets.size());
        assertEquals(0, request.unwritten());
    }

    @Test
    void hintsAndTrailers_standAroundTheResponse() throws Exception {
        bench.says(Said.that(Up.HINT, number, bytes("link\0</a>\0")));
        bench.says(Said.that(Up.TRAILED, number, 200, NONE));
        bench.says(Said.that(Up.PART, number, bytes("a"), false));
        assertEquals("hint link;</a>; 200()-1 a...", Bench.writes(request));
        bench.says(Said.that(Up.TRAILERS, number, bytes("b\0001\0"), false));
        assertEquals("trailers b1", Bench.writes(request));
        assertTrue(request.settled());
    }

    @Test
    void aFile_isTheWholeBody() throws Exception {
        Path file = directory.resolve("file");
        Files.writeString(file, "content");
        bench.says(Said.that(Up.START, number, 200, NONE));
        bench.says(Said.that(Up.FILE, number, file.toString(), 7.0));
        assertEquals(List.of(request), bench.sink.ready);
        assertEquals("200()7 content.", Bench.writes(request));
    }

    @Test
    void aFileThatIsNotThere_endsItsExchangeAlone() throws Exception {
        bench.says(Said.that(Up.START, number, 200, NONE));
        String none = directory.resolve("none").toString();
        bench.says(Said.that(Up.FILE, number, none, 7.0).and(Up.ENDED, number, null));
        assertEquals("refused APP_FAILED", Bench.writes(request));
        bench.says(Said.that(Up.FILE, number, none, 7.0));
        assertTrue(bench.isQuiet());
    }

    @Test
    void aBodyThatIsLost_failsForWhoWritesIt() throws Exception {
        Payload body = bench.bodies.offered(9, 100_000);
        bench.bodies.lost(9);
        assertThrows(UncheckedIOException.class, () -> body.copyTo(0, new byte[1], 0, 1));
        bench.bodies.lost(9);
        body.release();
        assertTrue(bench.isQuiet());
    }

    // ---- a child that lies

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NEGATIVE_INFINITY})
    void aFileOfNoLength_isNotUnderstood(double length) throws Exception {
        Files.writeString(directory.resolve("file"), "content");
        Said said =
                Said.that(Up.START, number, 200, NONE)
                        .and(Up.FILE, number, directory.resolve("file").toString(), length);
        assertThrows(Garbled.class, () -> bench.says(said));
    }

    @Test
    void aFieldThatIsNoTrailer_isNotUnderstood() {
        Said said =
                Said.that(Up.TRAILED, number, 200, NONE)
                        .and(Up.PART, number, NONE, false)
                        .and(Up.TRAILERS, number, bytes("host\0b\0"), false);
        assertThrows(Garbled.class, () -> bench.says(said));
    }

    @Test
    void aChildThatBreaksTheRules_isNotBelieved_butForOtherExchanges() throws Exception {
        HttpExchange other = bench.taken(Requests.request());
        bench.says(
                Said.that(Up.PART, number, bytes("a"), true)
                        .and(
                                Up.RESPONSE,
                                bench.ticket(other).number,
                                200,
                                bytes("content-length\0002\0"),
                                bytes("all")));
        assertEquals("refused APP_FAILED", Bench.writes(request));
        assertEquals("refused APP_FAILED", Bench.writes(other));
        assertEquals(2, bench.tickets.size(), "the app has not returned");
        bench.says(Said.that(Up.ENDED, number, null));
        assertEquals(1, bench.tickets.size());
    }

    @Test
    void aResponseAfterItsEnd_breaksTheRules() throws Exception {
        bench.says(Said.that(Up.RESPONSE, number, 200, NONE, bytes("all")));
        bench.says(Said.that(Up.RESPONSE, number, 200, NONE, bytes("more")));
        assertEquals("200()3 all.", Bench.writes(request));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a\0",
                "a\0b",
                "\0\0",
                "a b\0c\0",
                "a\0b\r\nc: d\0",
                "a\0b\0c\0",
                "a\u00e9\0b\0"
            })
    void headerFieldsThatAreNone_areNotUnderstood(String fields) {
        Said said = Said.that(Up.START, number, 200, bytes(fields));
        assertThrows(Garbled.class, () -> bench.says(said));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 99, 600, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void aStatusThatIsNone_isNotUnderstood(int status) {
        Said said = Said.that(Up.RESPONSE, number, status, NONE, NONE);
        assertThrows(Garbled.class, () -> bench.says(said));
    }

    /// A reader that had to wait for a piece would wait for itself.
    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 1, 65_536, Double.NaN, Double.NEGATIVE_INFINITY})
    void aLargeBodyThatIsNotLarge_isNotUnderstood(double length) {
        Said said = Said.that(Up.LARGE, number, 9, length, false);
        assertThrows(Garbled.class, () -> bench.says(said));
    }

    @Test
    void aSecondBodyOfTheSameNumber_isNotUnderstood() throws Exception {
        bench.says(Said.that(Up.START, number, 200, NONE));
        bench.says(Said.that(Up.LARGE, number, 9, 100_000.0, true));
        Said again = Said.that(Up.LARGE, number, 9, 100_000.0, true);
        assertThrows(Garbled.class, () -> bench.says(again));
    }

    @Test
    void aMessageOfOtherItems_isNotUnderstood() {
        for (Said said :
                List.of(
                        Said.that(Up.WANT),
                        Said.that(Up.WANT, number, 1),
                        Said.that(Up.ENDED, number),
                        Said.that(Up.PART, number, NONE, 1),
                        Said.that(Up.PART, number, "text", true),
                        Said.that(Up.START, number, NONE, 200),
                        Said.that(Up.WANT, 1.0),
                        Said.that(Up.ENDED, number, NONE))) {
            assertThrows(Garbled.class, () -> bench.says(said));
        }
    }
}
