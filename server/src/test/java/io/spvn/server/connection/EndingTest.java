package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Rejected;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EndingTest {
    static final Timeouts TIMEOUTS =
            new Timeouts(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(60));

    private final HandClock time = new HandClock();
    private final FakeSocket socket = new FakeSocket();
    private final FakeConversation conversation = new FakeConversation();
    private final List<Rejected> refusals = new ArrayList<>();
    private final ClientClock clock = new ClientClock(time.registry, TIMEOUTS);
    private final SocketInput input = new SocketInput(socket, time.registry);
    private final SocketOutput output = new SocketOutput(socket, time.registry, TIMEOUTS.write());
    private final Ending ending =
            new Ending(socket, time.registry, clock, output, () -> conversation, refusals::add);

    @BeforeEach
    void register() {
        assertTrue(time.registry.add(ending));
    }

    // ---- finished

    @Test
    void finish_clientHearsSoAtOnce_andOnce() {
        ending.finish();
        ending.finish();
        assertEquals(1, socket.outputEnds());
        assertTrue(ending.isLast());
        assertTrue(socket.isOpen());
    }

    @Test
    void finished_clientDoesNothing_isClosedSoon() {
        ending.finish();
        time.pass(Duration.ofMillis(1900));
        assertTrue(socket.isOpen());
        time.pass(Duration.ofMillis(200));
        assertFalse(socket.isOpen());
        assertEquals(List.of(), refusals);
    }

    @Test
    void finished_clientTakesMore_hasLonger_butNotForEver() {
        ending.finish();
        for (int second = 0; second < 29; second++) {
            socket.takes(1);
            time.pass(Duration.ofSeconds(1));
            assertTrue(socket.isOpen(), second + " s");
        }
        for (int second = 0; second < 4; second++) {
            socket.takes(1);
            time.pass(Duration.ofSeconds(1));
        }
        assertFalse(socket.isOpen());
    }

    @Test
    void finished_serverStops_hasHalfASecond() {
        time.registry.stop(Duration.ofSeconds(20));
        ending.finish();
        time.pass(Duration.ofMillis(600));
        assertFalse(socket.isOpen());
    }

    @Test
    void expect_ofAFinishedConnection_givesNoMoreTime() {
        ending.finish();
        ending.expect(Due.REQUEST);
        time.pass(Duration.ofMillis(2100));
        assertFalse(socket.isOpen());
    }

    @Test
    void linger_dropsWhatComes_untilTheClientEndsItsSide() {
        time.ledger.add(Ledger.weight(3000)); // as the socket does it
        socket.sends(new byte[3]).sends(new byte[3000]).ends();
        ending.finish();
        ending.linger(input);
        assertTrue(input.isEmpty());
        assertEquals(Ledger.CONNECTION, time.ledger.held());
    }

    @Test
    void linger_clientGoesOnSending_isGivenUp() {
        for (int second = 0; second < 40; second++) {
            socket.sends(() -> time.pass(Duration.ofSeconds(1)), new byte[100]);
        }
        ending.finish();
        ending.linger(input);
        assertEquals(3000, time.registry.bytesReceived(), "30 s");
    }

    @Test
    void linger_clientFallsSilent_isClosed() {
        socket.sends(() -> time.pass(Duration.ofSeconds(3)), new byte[1]);
        ending.finish();
        assertThrows(UncheckedIOException.class, () -> ending.linger(input));
        assertFalse(socket.isOpen());
    }

    @Test
    void linger_nothingWasSaidToBeTheLast_returns() {
        ending.linger(input);
        assertTrue(socket.isOpen());
    }

    // ---- late

    @Test
    void firstByteLate_isCut() {
        ending.expect(Due.FIRST_BYTE);
        time.pass(Duration.ofSeconds(11));
        assertEquals(List.of(Rejected.IDLE_TIMEOUT), refusals);
        assertFalse(socket.isOpen());
        assertTrue(conversation.breaks > 0);
    }

    @Test
    void handshakeLate_isCut_withoutAWord() {
        ending.expect(Due.HANDSHAKE);
        time.pass(Duration.ofSeconds(6));
        assertEquals(List.of(Rejected.HANDSHAKE_TIMEOUT), refusals);
        assertFalse(socket.isOpen());
        assertEquals(0, socket.outputEnds());
    }

    @Test
    void idleConnection_isToldItsEnd() {
        ending.expect(Due.REQUEST);
        time.pass(Duration.ofMinutes(2));
        assertFalse(socket.isOpen());
        assertEquals(1, socket.outputEnds());
    }

    @Test
    void idleConnection_whoseRequestWaitsToBeRead_isKeptForIt() {
        ending.expect(Due.REQUEST);
        socket.unread = true;
        time.pass(Duration.ofSeconds(62));
        assertTrue(socket.isOpen());
        socket.unread = false;
        assertTrue(clock.stop(), "the reader has it");
        time.pass(Duration.ofMinutes(2));
        assertTrue(socket.isOpen());
        assertEquals(List.of(), refusals);
    }

    @Test
    void idleConnection_whoseRequestIsReadInThatMoment_servesIt() {
        ending.expect(Due.REQUEST);
        awaitLate();
        assertTrue(clock.stop());
        time.pass(Duration.ofMinutes(2));
        assertTrue(socket.isOpen());
        assertEquals(List.of(), refusals);
    }

    private void awaitLate() {
        do {
            time.tick();
        } while (!clock.isLetGoNext());
    }

    @Test
    void idleConnection_whoseHeadBeginsInThatMoment_hasTheTimeOfAHead() {
        ending.expect(Due.REQUEST);
        awaitLate();
        clock.arrived();
        ending.expect(Due.HEAD);
        time.tick();
        time.tick();
        assertTrue(socket.isOpen());
        assertTrue(clock.stop(), "the head is complete");
        time.pass(Duration.ofMinutes(2));
        assertTrue(socket.isOpen(), "a request is in hand");
        assertEquals(List.of(), refusals);
    }

    @Test
    void idleConnection_isSeenOnceMore_thenItsRequestIsTooLate() {
        ending.expect(Due.REQUEST);
        time.pass(Duration.ofSeconds(61));
        assertFalse(clock.stop());
        assertFalse(socket.isOpen());
        assertEquals(List.of(Rejected.IDLE_TIMEOUT), refusals);
    }

    @Test
    void connectionThatBreaks_isNotToldAnEnd() throws InterruptedException {
        ending.breakOff();
        ending.leave();
        assertEquals(0, socket.outputEnds());
    }

    @Test
    void clientThatHasLeft_isToldTheEnd_once() throws InterruptedException {
        ending.leave();
        assertEquals(1, socket.outputEnds());
        ending.finish();
        ending.leave();
        assertEquals(2, socket.outputEnds(), "by finish() alone");
    }

    @Test
    void clientThatHasLeft_andTakesNothing_isNotWaitedForForEver() throws InterruptedException {
        List<Boolean> open = new ArrayList<>();
        socket.onOutputEnd(
                () -> {
                    open.add(socket.isOpen());
                    time.pass(Duration.ofMillis(2100));
                    open.add(socket.isOpen());
                });
        ending.leave();
        assertEquals(List.of(true, false), open);
    }

    @Test
    void headOrBodyLate_isTheConversationsAffair_once() {
        ending.expect(Due.HEAD);
        time.pass(Duration.ofSeconds(11));
        ending.expect(Due.BODY);
        time.pass(Duration.ofSeconds(40));
        assertEquals(List.of(Due.HEAD, Due.BODY), conversation.late);
        assertTrue(socket.isOpen());
        assertEquals(0, conversation.breaks);
    }

    @Test
    void leaveToSend_isWaitedForAtWill_andThenTheBodyIsDue() {
        ending.expect(Due.LEAVE);
        time.pass(Duration.ofMinutes(10));
        assertEquals(List.of(), conversation.late);
        clock.leaveGiven();
        time.pass(Duration.ofSeconds(21));
        assertEquals(List.of(Due.BODY), conversation.late);
    }

    @Test
    void clientTakesNothing_isAborted() {
        socket.onWrite(() -> time.pass(Duration.ofSeconds(12)));
        assertThrows(UncheckedIOException.class, () -> output.write(new byte[10], 10));
        assertEquals(List.of(Rejected.WRITE_TIMEOUT), refusals);
        assertTrue(socket.isAborted());
        assertTrue(conversation.breaks > 0);
    }

    @Test
    void writeWaits_andThereIsNoRoomForWhatItHolds_isAborted() {
        conversation.unwritten = 2 << 20;
        socket.onWrite(() -> time.pass(Duration.ofMillis(200)));
        assertThrows(UncheckedIOException.class, () -> output.write(new byte[10], 10));
        assertEquals(List.of(Rejected.MEMORY), refusals);
        assertTrue(socket.isAborted());
    }

    @Test
    void readerAway_clientHasReset_isBrokenOffWithinASecond() {
        socket.reset();
        time.pass(Duration.ofSeconds(3));
        assertTrue(socket.isOpen(), "the reader sees to it");
        ending.away(true);
        time.pass(Duration.ofMillis(1100));
        assertFalse(socket.isOpen());
        assertTrue(conversation.breaks > 0);
    }

    // ---- stop

    @Test
    void stop_silentClient_isClosedAtOnce() {
        ending.expect(Due.REQUEST);
        time.pass(Duration.ofSeconds(2));
        time.registry.stop(Duration.ofSeconds(20));
        time.tick();
        assertFalse(socket.isOpen());
    }

    @Test
    void stop_recentClient_getsALastCall() {
        ending.expect(Due.REQUEST);
        time.registry.stop(Duration.ofSeconds(20));
        time.pass(Duration.ofMillis(200));
        assertTrue(socket.isOpen());
        time.pass(Duration.ofMillis(200));
        assertFalse(socket.isOpen());
        assertEquals(List.of(), refusals);
    }

    @Test
    void stop_isNear_butNotTheLast() {
        assertFalse(ending.isNear());
        time.registry.stop(Duration.ofSeconds(20));
        assertTrue(ending.isNear());
        assertFalse(ending.isLast());
    }

    @Test
    void timeToStopIsUp_nothingInHand_isBrokenOff() throws InterruptedException {
        time.registry.stop(Duration.ZERO);
        time.tick();
        conversation.wasCut.await();
        awaitClosed();
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private void awaitClosed() {
        while (socket.isOpen()) {
            Thread.yield();
        }
    }

    @Test
    void timeToStopIsUp_somethingInHand_hasAMomentForItsLastWords() throws InterruptedException {
        conversation.inHand = true;
        time.registry.stop(Duration.ZERO);
        time.tick();
        conversation.wasCut.await();
        for (int tick = 0; tick < 9; tick++) {
            time.tick();
        }
        assertTrue(socket.isOpen());
        time.tick();
        assertFalse(socket.isOpen());
    }
}
