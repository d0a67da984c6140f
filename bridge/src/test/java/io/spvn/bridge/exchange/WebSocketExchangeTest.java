package io.spvn.bridge.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WebSocketExchangeTest {
    private static final byte[] PATH = "/chat".getBytes(UTF_8);
    private static final int MOST = 3;

    private final Ledger ledger = new Ledger(1 << 20);
    private final List<Long> woken = new ArrayList<>();
    private final WebSocketExchange exchange =
            new WebSocketExchange(
                    new Scope.WebSocket(
                            "1.1",
                            PATH,
                            PATH,
                            new byte[0],
                            Headers.EMPTY,
                            List.of("chat", "superchat"),
                            new Peers("http", null, null)),
                    _ -> {},
                    MOST,
                    ledger,
                    0);

    private void taken() {
        exchange.taken(7, each -> woken.add(each.id()));
    }

    private void open() {
        taken();
        assertInstanceOf(Inbound.Connect.class, exchange.receive());
        exchange.send(new Outbound.Accept(null, Headers.EMPTY));
        assertInstanceOf(Write.Accept.class, exchange.nextWrite());
    }

    private static Inbound.Message text(String text) {
        return new Inbound.Message(text.getBytes(UTF_8), true);
    }

    private static Outbound.Message said(int length) {
        return new Outbound.Message(Payload.of(new byte[length]), false);
    }

    private String received() {
        return words(exchange.receive());
    }

    private static String words(@Nullable Inbound event) {
        return switch (event) {
            case null -> "waits";
            case Inbound.Connect() -> "connect";
            case Inbound.Message(byte[] data, boolean text) ->
                    (text ? "text " : "bytes ") + new String(data, UTF_8);
            case Inbound.Closed(int code, String reason) -> "closed " + code + reason;
            default -> event.toString();
        };
    }

    private String written() {
        List<String> words = new ArrayList<>();
        for (Write next = exchange.nextWrite(); next != null; next = exchange.nextWrite()) {
            words.add(
                    switch (next) {
                        case Write.Accept(var accept) -> "accept " + accept.subprotocol();
                        case Write.Message _ -> "message";
                        case Write.Close(int code, String reason) -> "close " + code + reason;
                        case Write.Start(var start, long length) -> start.status() + " " + length;
                        case Write.Body _ -> "body";
                        case Write.Refusal(Rejected reason, String _) -> "refused " + reason;
                        default -> next.toString();
                    });
        }
        return String.join(", ", words);
    }

    @Test
    void receive_firstThatTheClientAsks_thenWhatItSays() throws InterruptedException {
        taken();
        assertTrue(exchange.offer(text("one")));
        assertTrue(exchange.offer(new Inbound.Message("two".getBytes(UTF_8), false)));
        assertEquals("connect", received());
        assertEquals("text one", received());
        assertEquals("bytes two", received());
        assertEquals("waits", received());
        assertTrue(exchange.offer(text("")));
        assertEquals(List.of(7L), woken);
        assertEquals("text ", received());
    }

    @Test
    void receive_messagesBeforeTheEnd_andThatAgainAndAgain() throws InterruptedException {
        open();
        exchange.leftBeforeAccept(); // which is over
        assertTrue(exchange.offer(text("last")));
        exchange.closed(1001, "bye");
        exchange.closed(1006, "");
        assertEquals("text last", received());
        assertEquals("closed 1001bye", received());
        assertEquals("closed 1001bye", received());
    }

    @Test
    void offer_moreThanMayWait_blocksUntilTheAppHasRead() throws Exception {
        open();
        for (int i = 0; i < MOST; i++) {
            assertTrue(exchange.offer(text("x")));
        }
        assertTrue(exchange.isFull());
        CountDownLatch offered = new CountDownLatch(1);
        Thread reader =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        assertTrue(exchange.offer(text("y")));
                                        offered.countDown();
                                    } catch (InterruptedException stopped) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        while (reader.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertEquals(1, offered.getCount());
        assertEquals("text x", received());
        assertTrue(offered.await(10, TimeUnit.SECONDS));
    }

    @Test
    void offer_toOneThatIsOver_isNotTaken() throws InterruptedException {
        open();
        exchange.send(new Outbound.Close(1000, ""));
        assertFalse(exchange.offer(text("late")));
        assertEquals(0, ledger.held());
    }

    @Test
    void ledger_holdsWhatWaits_untilItIsDropped() throws InterruptedException {
        open();
        assertTrue(exchange.offer(text("x".repeat(5000))));
        assertEquals(5000 + PendingMessages.MESSAGE_BYTES, ledger.held());
        exchange.broken();
        assertEquals(0, ledger.held());
    }

    @Test
    void send_subprotocolThatWasOffered_isSaid() {
        taken();
        exchange.send(new Outbound.Accept("superchat", Headers.EMPTY));
        assertEquals("accept superchat", written());
    }

    @Test
    void send_subprotocolThatWasNotOffered_isAViolation() {
        taken();
        assertThrows(
                AsgiViolation.class,
                () -> exchange.send(new Outbound.Accept("other", Headers.EMPTY)));
        exchange.send(new Outbound.Accept(null, Headers.EMPTY));
        assertEquals("accept null", written());
    }

    @Test
    void close_beforeAccept_isAnEmpty403() {
        taken();
        exchange.send(new Outbound.Close(1000, "no"));
        assertEquals("403 0, body", written());
        assertTrue(exchange.settled());
        assertThrows(AsgiViolation.class, () -> exchange.send(said(1)));
    }

    @Test
    void denial_isTheAppsResponse() {
        taken();
        var start = new Outbound.ResponseStart(418, Headers.EMPTY);
        exchange.send(new Outbound.DenialStart(start));
        exchange.send(new Outbound.DenialBody(new Outbound.ResponseBody(Payload.EMPTY, true)));
        exchange.send(new Outbound.DenialBody(new Outbound.ResponseBody(Payload.EMPTY, false)));
        assertEquals("418 -1, body, body", written());
        assertTrue(exchange.settled());
    }

    @Test
    void close_itsCodeAndReason_theAppReceivesTheSame() {
        open();
        exchange.send(said(3));
        exchange.send(new Outbound.Close(4000, "enough"));
        assertEquals("message, close 4000enough", written());
        assertEquals("closed 4000enough", received());
        assertThrows(AsgiViolation.class, () -> exchange.send(new Outbound.Close(1000, "")));
    }

    @Test
    void send_toAClientThatHasClosed_saysThatItIsGone_butACloseIsHarmless() {
        open();
        exchange.closed(1000, "");
        assertThrows(ClientGone.class, () -> exchange.send(said(1)));
        assertTrue(exchange.isUnheard());
        exchange.send(new Outbound.Close(1000, ""));
        assertEquals("", written());
    }

    @Test
    void accept_byAnAppWhoseClientHasLeft_saysThatItIsGone() {
        taken();
        exchange.leftBeforeAccept();
        assertEquals("connect", received());
        assertEquals("closed 1006", received());
        assertThrows(
                ClientGone.class, () -> exchange.send(new Outbound.Accept(null, Headers.EMPTY)));
    }

    @Test
    void send_moreThanTheClientTakes_waitsForRoom() {
        open();
        assertEquals(Sent.FULL, exchange.send(said(PendingWrites.HIGH_WATER)));
        assertFalse(exchange.writable());
        Write.Message first = assertInstanceOf(Write.Message.class, exchange.nextWrite());
        exchange.written(first.message().data());
        assertEquals(List.of(7L), woken);
        assertTrue(exchange.writable());
    }

    @ParameterizedTest
    @EnumSource
    void appEnded_tellsTheClient(End end) {
        if (end.opened) {
            open();
        } else {
            taken();
        }
        assertTrue(exchange.appEnded(end.raised));
        assertEquals(end.told, written());
        assertEquals(end.excused, exchange.excused());
    }

    enum End {
        RETURNED(true, false, "close 1000", true),
        RAISED(true, true, "close 1011", true),
        RETURNED_WITHOUT_ANSWER(false, false, "refused APP_FAILED", false),
        RAISED_WITHOUT_ANSWER(false, true, "refused APP_FAILED", false);

        private final boolean opened;
        private final boolean raised;
        private final String told;
        private final boolean excused;

        End(boolean opened, boolean raised, String told, boolean excused) {
            this.opened = opened;
            this.raised = raised;
            this.told = told;
            this.excused = excused;
        }
    }

    @Test
    void drain_closesWhatIsOpen_once() {
        open();
        assertEquals("waits", received());
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.OWN_TASK, 0, Long.MAX_VALUE));
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.OWN_TASK, 0, Long.MAX_VALUE));
        assertEquals("close 1012", written());
        assertEquals("closed 1012", received());
        assertThrows(ClientGone.class, () -> exchange.send(said(1)));
    }

    @Test
    void drain_leavesAHandshakeToAnAppAtWork() {
        taken();
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.NOBODY, 2, 1));
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.OTHER_TASK, 2, 1));
        exchange.send(new Outbound.Accept(null, Headers.EMPTY));
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.NOBODY, 0, 1));
        assertEquals("accept null, close 1012", written());
    }

    @Test
    void drain_refusesAHandshake_whoseAppWaitsForItsEnd() {
        taken();
        assertEquals("connect", received());
        assertEquals("waits", received());
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.OWN_TASK, 0, 1));
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.OWN_TASK, 1, 1));
        assertEquals("refused STOPPING", written());
        assertEquals("closed 1006", received());
        assertThrows(
                ClientGone.class, () -> exchange.send(new Outbound.Accept(null, Headers.EMPTY)));
    }

    @Test
    void drain_cancelsAnAppThatHasNotAsked_once() {
        open();
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.NOBODY, 0, Long.MAX_VALUE));
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.NOBODY, 1, Long.MAX_VALUE));
        assertEquals(Drain.Order.CANCEL, exchange.drain(Receiver.NOBODY, 2, 0));
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.NOBODY, 3, 0));
    }

    @Test
    void drain_leavesAnAppThatMayBeAtWorkOnAMessage() throws InterruptedException {
        open();
        exchange.offer(text("work"));
        assertEquals("text work", received());
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.NOBODY, 0, 0));
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.NOBODY, 1, 0));
    }

    @Test
    void drain_leavesAnAppThatHasAsked() {
        open();
        assertEquals(Drain.Order.TELL, exchange.drain(Receiver.NOBODY, 0, 0));
        assertEquals("closed 1012", received());
        assertEquals(Drain.Order.NONE, exchange.drain(Receiver.NOBODY, 1, 0));
    }

    @Test
    void workerEnded_anAnswerOrAClose() {
        taken();
        exchange.workerEnded();
        assertEquals("refused WORKER_ENDED", written());
    }

    @Test
    void workerEnded_onceOpen_theServiceRestarts() {
        open();
        exchange.send(said(1));
        exchange.workerEnded();
        assertEquals("close 1012", written());
        assertEquals("closed 1012", received());
    }

    @Test
    void broken_theAppHearsOfNoClose() {
        open();
        assertNull(exchange.receive());
        exchange.broken();
        assertEquals(List.of(7L), woken);
        assertEquals("closed 1006", received());
        assertThrows(ClientGone.class, () -> exchange.send(said(1)));
    }

    @Test
    void awaitRead_returnsWhenTheAppAsksForMore() throws Exception {
        open();
        assertTrue(exchange.offer(text("x")));
        CountDownLatch read = new CountDownLatch(1);
        Thread reader =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        exchange.awaitRead(Duration.ofSeconds(30));
                                        read.countDown();
                                    } catch (InterruptedException stopped) {
                                        Thread.currentThread().interrupt();
                                    }
                                });
        while (reader.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertEquals("text x", received());
        assertEquals(1, read.getCount());
        assertEquals("waits", received());
        assertTrue(read.await(10, TimeUnit.SECONDS));
    }

    @Test
    void awaitRead_ofAnAppThatDoesNotRead_ends() throws InterruptedException {
        open();
        assertTrue(exchange.offer(text("x")));
        exchange.awaitRead(Duration.ofMillis(1));
        assertEquals("text x", received());
    }
}
