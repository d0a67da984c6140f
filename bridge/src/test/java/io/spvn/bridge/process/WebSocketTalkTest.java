package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.WebSocketExchange;
import io.spvn.bridge.exchange.Write;
import io.spvn.bridge.process.Message.Down;
import io.spvn.bridge.process.Message.Up;
import io.spvn.bridge.worker.Requests;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is said between the server and a child of a WebSocket.
@Timeout(20)
class WebSocketTalkTest {
    private static final byte[] NONE = {};
    private static final byte[] PATH = "/chat".getBytes(UTF_8);

    private final Bench bench = new Bench();
    private final WebSocketExchange socket =
            new WebSocketExchange(
                    new Scope.WebSocket(
                            "1.1",
                            PATH,
                            PATH,
                            NONE,
                            Headers.EMPTY,
                            List.of("one"),
                            new Peers("http", null, null)),
                    _ -> {},
                    4,
                    new Ledger(1 << 20),
                    System.nanoTime());
    private int number;

    WebSocketTalkTest() throws IOException {}

    @BeforeEach
    void take() throws Exception {
        Requests.put(bench.requests, socket);
        bench.feeder.open();
        bench.feeder.feed();
        bench.hear();
        bench.feeder.begun(1);
        number = bench.ticket(socket).number;
    }

    @AfterEach
    void close() throws IOException {
        bench.close();
    }

    private void accept() throws Exception {
        bench.says(Said.that(Up.ACCEPT, number, "one", "x-a\0001\0".getBytes(ISO_8859_1)));
        assertInstanceOf(Write.Accept.class, socket.nextWrite());
    }

    private Outbound.Message message() {
        return assertInstanceOf(Write.Message.class, socket.nextWrite()).message();
    }

    private static String text(Outbound.Message message) {
        byte[] copy = new byte[(int) message.data().length()];
        message.data().copyTo(0, copy, 0, copy.length);
        return new String(copy, UTF_8);
    }

    // ---- to the child

    @Test
    void messages_areToldTogether_whenTheChildWantsOne() throws Exception {
        accept();
        assertTrue(socket.offer(new Inbound.Message("\u20ac".getBytes(UTF_8), true)));
        assertTrue(socket.offer(new Inbound.Message(new byte[] {1}, false)));
        assertTrue(bench.isQuiet());
        bench.says(Said.that(Up.WANT, number));
        assertEquals(List.of(Down.MESSAGE.number(), number, "\u20ac"), bench.hear());
        assertEquals(List.of(Down.MESSAGE.number(), number, "b\u0001"), bench.hear());
        assertTrue(bench.isQuiet());
    }

    @Test
    void whoWaits_isToldWhatComes_once() throws Exception {
        accept();
        bench.says(Said.that(Up.WANT, number));
        assertTrue(bench.isQuiet());
        assertTrue(socket.offer(new Inbound.Message(NONE, true)));
        assertEquals(List.of(Down.MESSAGE.number(), number, ""), bench.hear());
        assertTrue(socket.offer(new Inbound.Message(NONE, true)));
        assertTrue(bench.isQuiet());
    }

    @Test
    void theEnd_isToldAtOnce_andItsCodeToWhoWantsIt() throws Exception {
        accept();
        socket.closed(4000, "over");
        assertEquals(List.of(Down.GONE.number(), number), bench.hear());
        assertTrue(bench.isQuiet());
        bench.says(Said.that(Up.WANT, number));
        assertEquals(List.of(Down.CLOSED.number(), number, 4000, "over"), bench.hear());
    }

    // ---- from the child

    @Test
    void anAccept_hasSubprotocolAndHeaders() throws Exception {
        bench.says(Said.that(Up.ACCEPT, number, "one", "x-a\0001\0".getBytes(ISO_8859_1)));
        Outbound.Accept accept = assertInstanceOf(Write.Accept.class, socket.nextWrite()).accept();
        assertEquals("one", accept.subprotocol());
        assertEquals(0, accept.headers().find("x-a".getBytes(ISO_8859_1), 0));
        assertTrue(socket.isAccepted());
    }

    @Test
    void messages_areTextOrBytes() throws Exception {
        accept();
        bench.says(Said.that(Up.SEND, number, "\u20ac").and(Up.SEND, number, new byte[] {65}));
        Outbound.Message first = message();
        assertTrue(first.text());
        assertEquals("\u20ac", text(first));
        Outbound.Message second = message();
        assertEquals("A", text(second));
        assertEquals(false, second.text());
    }

    @Test
    void whatIsOffered_isAMessageOfAWebSocketThatIsOpen() throws Exception {
        accept();
        bench.says(Said.that(Up.LARGE, number, 9, 100_000.0, true));
        Outbound.Message message = message();
        assertTrue(message.text());
        assertEquals(100_000, message.data().length());
    }

    @Test
    void aResponse_isThatInPlaceOfAWebSocket() throws Exception {
        bench.says(Said.that(Up.RESPONSE, number, 401, NONE, "no".getBytes(UTF_8)));
        assertEquals(401, assertInstanceOf(Write.Start.class, socket.nextWrite()).start().status());
        assertInstanceOf(Write.Body.class, socket.nextWrite());
        assertEquals(false, socket.isAccepted());
    }

    @Test
    void aClose_hasCodeAndReason() throws Exception {
        accept();
        bench.says(Said.that(Up.CLOSE, number, 4000, "over"));
        assertEquals(new Write.Close(4000, "over"), socket.nextWrite());
    }

    @Test
    void aCloseThatCannotBeSaid_isNotUnderstood() {
        assertThrows(Garbled.class, () -> bench.says(Said.that(Up.CLOSE, number, 1004, "")));
    }

    @Test
    void theEndOfTheApp_isAClose() throws Exception {
        accept();
        bench.says(Said.that(Up.ENDED, number, ""));
        assertEquals(new Write.Close(1000, ""), socket.nextWrite());
        assertEquals(0, bench.tickets.size());
    }

    @Test
    void anAppThatRaises_isAnInternalError() throws Exception {
        accept();
        bench.says(Said.that(Up.ENDED, number, "Traceback"));
        assertEquals(new Write.Close(1011, ""), socket.nextWrite());
    }

    @Test
    void aMessageBeforeItIsOpen_breaksTheRules() throws Exception {
        bench.says(Said.that(Up.SEND, number, "early"));
        assertInstanceOf(Write.Refusal.class, socket.nextWrite());
    }
}
