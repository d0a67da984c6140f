package io.spvn.bridge.exchange;

import static io.spvn.bridge.exchange.Exchanges.body;
import static io.spvn.bridge.exchange.Exchanges.start;
import static io.spvn.bridge.exchange.PendingWrites.HIGH_WATER;
import static io.spvn.bridge.exchange.PendingWrites.LOW_WATER;
import static io.spvn.bridge.exchange.PendingWrites.PIECE_BYTES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PendingWritesTest {
    @TempDir Path directory;

    private final Ledger ledger = new Ledger(1 << 20);
    private final PendingWrites writes = new PendingWrites(false, ledger);

    @Test
    void hold_startIsSaidWithTheFirstPiece() {
        assertEquals(Sent.HELD, writes.hold(start()));
        assertNull(writes.next());
        assertEquals(Sent.READY, writes.add(body("x", true)));
        assertEquals(new Write.Start(start(), -1), writes.next());
        assertInstanceOf(Write.Body.class, writes.next());
        assertNull(writes.next());
    }

    @Test
    void add_onlyPiece_itsLengthIsKnownWithTheStart() {
        writes.hold(start());
        writes.add(body("hello", false));
        assertEquals(new Write.Start(start(), 5), writes.next());
    }

    @Test
    void startTaken_onceTheTransportHasIt() {
        writes.hold(start());
        assertFalse(writes.startTaken());
        writes.add(body("x", true));
        assertFalse(writes.startTaken());
        writes.next();
        assertTrue(writes.startTaken());
    }

    @Test
    void bytes_countUntilTheyAreWritten_notUntilTheyAreTaken() {
        Outbound.ResponseBody piece = said(100);
        assertEquals(100 + PIECE_BYTES, writes.bytes());
        takeAll();
        assertEquals(100 + PIECE_BYTES, writes.bytes());
        writes.written(piece.data());
        assertEquals(0, writes.bytes());
        assertEquals(0, writes.heapBytes());
    }

    @Test
    void add_aboveHighWater_thereIsRoomAgainFromLowWaterOn() {
        assertEquals(Sent.READY, addRest(HIGH_WATER - LOW_WATER));
        Outbound.ResponseBody first = said(LOW_WATER - PIECE_BYTES);
        assertFalse(writes.isFull());
        assertEquals(Sent.FULL, writes.add(body(1, true)));
        assertFalse(writes.hasRoom());
        writes.written(first.data());
        assertFalse(writes.hasRoom());
        writes.written(body(HIGH_WATER - LOW_WATER - PIECE_BYTES, true).data());
        assertTrue(writes.hasRoom());
    }

    @Test
    void add_lastPiece_isNeverTooMuch() {
        writes.hold(start());
        assertEquals(Sent.READY, writes.add(body(2 * HIGH_WATER, false)));
    }

    @Test
    void add_whileTheLedgerIsFull_onePieceIsTooMuch() {
        ledger.add(1 << 20);
        writes.hold(start());
        assertTrue(writes.hasRoom());
        assertEquals(Sent.FULL, writes.add(body("x", true)));
        assertFalse(writes.hasRoom());
    }

    @Test
    void drop_countsOnWhatTheTransportHas() {
        Outbound.ResponseBody taken = said(100);
        takeAll();
        writes.add(body(1000, true));
        writes.drop();
        assertNull(writes.next());
        assertEquals(100 + PIECE_BYTES, writes.bytes());
        writes.written(taken.data());
        assertEquals(0, writes.bytes());
    }

    @Test
    void progress_whenTheAppSaysOrTheClientTakes() {
        long before = writes.progress();
        Outbound.ResponseBody piece = said(1);
        long said = writes.progress();
        assertNotEquals(before, said);
        takeAll();
        assertEquals(said, writes.progress());
        writes.written(piece.data());
        assertNotEquals(said, writes.progress());
    }

    @Test
    void leave_unfinished_isRefusedOrAborted() {
        writes.leave(false, false, false);
        assertEquals(new Write.Refusal(Rejected.APP_FAILED), writes.next());
        writes.leave(true, false, false);
        assertEquals(new Write.Abort(Rejected.APP_FAILED), writes.next());
    }

    @Test
    void leave_whoIsNotToBlame() {
        writes.leave(false, true, false);
        assertEquals(new Write.Refusal(Rejected.STOPPING), writes.next());
        writes.leave(false, true, true);
        assertEquals(new Write.Refusal(Rejected.MALFORMED), writes.next());
    }

    @Test
    void leave_eventStreamThatWasTold_isWhole() {
        writes.hold(start("content-type", "text/event-stream"));
        writes.add(body("data: x\n\n", true));
        takeAll();
        writes.leave(true, true, false);
        Outbound.ResponseBody last = assertInstanceOf(Write.Body.class, writes.next()).body();
        assertFalse(last.more());
        assertEquals(0, last.data().length());
        assertNull(writes.next());
    }

    private Outbound.ResponseBody said(int size) {
        Outbound.ResponseBody piece = body(size, true);
        writes.add(piece);
        return piece;
    }

    /// Adds so many bytes, with what their piece costs.
    private Sent addRest(int cost) {
        writes.hold(start());
        return writes.add(body(cost - PIECE_BYTES, true));
    }

    private void takeAll() {
        while (writes.next() != null) {}
    }

    // ---- extensions

    private static final Outbound.ResponseStart TRAILED =
            new Outbound.ResponseStart(200, Headers.EMPTY, true);

    private static Headers fields(String name, String value) {
        return Headers.of(Exchanges.bytes(name), Exchanges.bytes(value));
    }

    @Test
    void trailers_endTheResponse_notItsBody() {
        writes.hold(TRAILED);
        writes.add(body("hello", false));
        assertEquals(new Write.Start(TRAILED, -1), writes.next());
        assertTrue(assertInstanceOf(Write.Body.class, writes.next()).body().more());
        assertEquals(Sent.HELD, writes.add(new Outbound.Trailers(fields("a", "1"), true)));
        assertNull(writes.next());
        assertEquals(Sent.READY, writes.add(new Outbound.Trailers(fields("b", "2"), false)));
        Write.Trailers end = assertInstanceOf(Write.Trailers.class, writes.next());
        assertEquals(2, end.headers().size());
    }

    @Test
    void trailers_aBodyThatIsTooMuch_lastOrNot_hasTheAppWait() {
        writes.hold(TRAILED);
        assertEquals(Sent.FULL, writes.add(body(HIGH_WATER + 1, false)));
    }

    @Test
    void trailers_ofAnEventStreamThatIsToldToEnd_areNotAwaited() {
        Headers events = fields("content-type", "text/event-stream");
        writes.hold(new Outbound.ResponseStart(200, events, true));
        writes.add(body("data: x", true));
        writes.leave(true, true, false);
        takeSome(3);
        assertInstanceOf(Write.Trailers.class, writes.next());
    }

    private void takeSome(int count) {
        for (int taken = 0; taken < count; taken++) {
            writes.next();
        }
    }

    @Test
    void trailers_tooMany_areAViolation() {
        writes.hold(TRAILED);
        writes.add(body("hello", false));
        Outbound.Trailers half =
                new Outbound.Trailers(
                        fields("a", "x".repeat(PendingWrites.MOST_TRAILERS / 2)), true);
        writes.add(half);
        assertThrows(AsgiViolation.class, () -> writes.add(half));
    }

    @Test
    void hints_comeBeforeTheStart_asFarAsTheClientTakesThem() {
        writes.hold(start());
        Headers links = fields("link", "x".repeat(PendingWrites.MOST_HINTS / 2));
        assertEquals(Sent.READY, writes.hint(links));
        long waiting = writes.headBytes();
        assertEquals(Sent.HELD, writes.hint(links), "there is no room for it");
        writes.add(body("x", false));
        assertEquals(new Write.EarlyHints(links), writes.next());
        assertEquals(links.block().length + PIECE_BYTES, waiting - writes.headBytes());
        assertInstanceOf(Write.Start.class, writes.next());
        assertEquals(Sent.READY, writes.hint(links));
    }

    private FileRange file(int size) throws IOException {
        Path path = directory.resolve("file");
        Files.write(path, new byte[size]);
        return FileRange.of(path, size);
    }

    @Test
    void wholeFile_isTheBody() throws IOException {
        FileRange file = file(100_000);
        writes.hold(start());
        assertEquals(Sent.READY, writes.add(new Outbound.WholeFile(file)));
        assertEquals(100_000 + PIECE_BYTES, writes.bytes());
        assertEquals(PIECE_BYTES, writes.heapBytes());
        assertTrue(writes.haveFiles());
        assertEquals(new Write.Start(start(), 100_000), writes.next());
        assertEquals(new Write.Body(new Outbound.ResponseBody(file, false)), writes.next());
        writes.written(file);
        assertFalse(writes.haveFiles());
        file.release();
    }

    @ParameterizedTest
    @ValueSource(strings = {"9", "11"})
    void wholeFile_ofAnotherLengthThanWasDeclared_isAViolation(String declared) throws IOException {
        FileRange file = file(10);
        writes.hold(start("content-length", declared));
        Outbound.WholeFile whole = new Outbound.WholeFile(file);
        String said = assertThrows(AsgiViolation.class, () -> writes.add(whole)).getMessage();
        assertEquals("'content-length' says " + declared + ", but the file has 10 bytes", said);
        file.release();
    }

    @Test
    void wholeFile_forHead_mayHaveAnyLength() throws IOException {
        PendingWrites silent = new PendingWrites(true, ledger);
        FileRange file = file(10);
        silent.hold(start("content-length", "9"));
        assertEquals(Sent.READY, silent.add(new Outbound.WholeFile(file)));
        silent.drop();
        assertNull(file.share(), "it is closed");
    }
}
