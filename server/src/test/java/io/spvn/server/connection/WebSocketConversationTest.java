package io.spvn.server.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.ClientGone;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.WebSocketExchange;
import io.spvn.server.http.HttpSettings;
import io.spvn.server.http1.Http1;
import io.spvn.server.proxy.Forwarding;
import io.spvn.server.websocket.WebSocketSettings;
import io.spvn.server.websocket.WebSockets;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A WebSocket over a real connection; this thread is its worker, its responder and its
/// loopback.client.
@Timeout(20)
class WebSocketConversationTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final HexFormat HEX = HexFormat.of();
    private static final String HANDSHAKE =
            """
            GET /chat HTTP/1.1\r
            Host: a\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            \r
            """;

    private final HandClock time = new HandClock();
    private final BlockingQueue<Exchange> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> woken = new LinkedBlockingQueue<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final ExchangeListener listener =
            new ExchangeListener() {
                @Override
                public void webSocketOpened() {
                    told.add("opened");
                }

                @Override
                public void webSocketClosed(int code) {
                    told.add("closed " + code);
                }
            };
    private final WebSockets sockets =
            new WebSockets(taken::add, new WebSocketSettings(1000, 2, false, null, null), listener);
    private Loopback loopback;
    private WebSocketExchange exchange;

    @BeforeEach
    void ask() throws Exception {
        loopback = new Loopback(time);
        Http1 http =
                new Http1(
                        taken::add,
                        new HttpSettings(0),
                        sockets,
                        Forwarding.OFF,
                        ExchangeListener.NONE);
        Timeouts timeouts = new Timeouts(LONG, LONG, LONG, LONG, LONG);
        loopback.serve(timeouts, ExchangeListener.NONE, http);
        loopback.client.getOutputStream().write(HANDSHAKE.getBytes(US_ASCII));
        exchange = assertInstanceOf(WebSocketExchange.class, taken.poll(10, TimeUnit.SECONDS));
        exchange.taken(1, each -> woken.add(each.id()));
        assertInstanceOf(Inbound.Connect.class, exchange.receive());
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
        sockets.close();
    }

    private void accept() throws IOException {
        say(new Outbound.Accept(null, Headers.EMPTY));
        assertTrue(head().startsWith("HTTP/1.1 101 "));
    }

    private void say(Outbound event) {
        exchange.send(event);
        exchange.transport().write(exchange);
    }

    private static Outbound text(String text) {
        return new Outbound.Message(Payload.of(text.getBytes(US_ASCII)), true);
    }

    private void sends(String hex) throws IOException {
        loopback.client.getOutputStream().write(HEX.parseHex(hex.replace(" ", "")));
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) loopback.client.getInputStream().read());
        }
        return head.toString();
    }

    private void reads(String hex) throws IOException {
        String wanted = hex.replace(" ", "");
        assertEquals(
                wanted,
                HEX.formatHex(loopback.client.getInputStream().readNBytes(wanted.length() / 2)));
    }

    private void readsEnd() throws IOException {
        assertEquals(-1, loopback.client.getInputStream().read());
    }

    /// What the app receives next.
    private Inbound hears() throws InterruptedException {
        Inbound next = exchange.receive();
        while (next == null) {
            assertNotNull(woken.poll(10, TimeUnit.SECONDS), "nobody has woken the worker");
            next = exchange.receive();
        }
        return next;
    }

    @Test
    void theClientCloses_andIsToldTheSame() throws Exception {
        accept();
        sends("8882 00000000 03e9");
        assertEquals(new Inbound.Closed(1001, ""), hears());
        reads("8802 03e9");
        readsEnd();
        loopback.close();
        assertEquals(List.of("opened", "closed 1001"), told);
        assertThrows(ClientGone.class, () -> exchange.send(text("x")));
    }

    @Test
    void aClose_goesOutBehindWhatTheAppHasSaid() throws Exception {
        accept();
        exchange.send(text("one"));
        exchange.send(text("two"));
        sends("8880 00000000");
        assertEquals(new Inbound.Closed(1005, ""), hears());
        reads("8103 6f6e65 8103 74776f 8800");
        readsEnd();
    }

    @Test
    void aPong_goesOutAtOnce_withoutTheApp() throws Exception {
        accept();
        sends("8982 00000000 0102");
        reads("8a02 0102");
    }

    @Test
    void aBrokenRule_isToldBehindTheAnswersToWhatCameBefore() throws Exception {
        accept();
        sends("8181 00000000 61 8181 00000000 ff");
        assertInstanceOf(Inbound.Message.class, hears());
        exchange.send(text("b")); // nobody writes it yet
        assertEquals(new Inbound.Closed(1007, "text is not UTF-8"), hears());
        reads("8101 62 8813 03ef");
        assertEquals(
                "text is not UTF-8",
                new String(loopback.client.getInputStream().readNBytes(17), US_ASCII));
        readsEnd();
    }

    @Test
    void anAppThatReadsNothing_stopsTheReader() throws Exception {
        accept();
        sends("8181 00000000 61".repeat(3) + "8981 00000000 62");
        for (int message = 0; message < 3; message++) {
            assertInstanceOf(Inbound.Message.class, hears());
        }
        reads("8a01 62");
    }

    @Test
    void theServersClose_waitsForTheClients() throws Exception {
        accept();
        say(new Outbound.Close(4000, "x"));
        reads("8803 0fa0 78");
        assertTrue(loopback.reader().isAlive());
        assertEquals(new Inbound.Closed(4000, "x"), hears());
        sends("8882 00000000 0fa0");
        readsEnd();
    }

    @Test
    void aClientThatIsCutOff_hasClosedAbnormally() throws Exception {
        accept();
        loopback.client.setSoLinger(true, 0);
        loopback.client.close();
        assertEquals(new Inbound.Closed(1006, ""), hears());
        loopback.reader().join();
        assertEquals(List.of("opened", "closed 1006"), told);
    }

    @Test
    void aCut_closesWithAWord() throws Exception {
        accept();
        exchange.cut(Rejected.STOPPING);
        exchange.transport().write(exchange);
        reads("8802 03f4");
    }

    @Test
    void aCloseBeforeItIsOpen_is403_andTheEnd() throws Exception {
        say(new Outbound.Close(1000, ""));
        String head = head();
        assertTrue(head.startsWith("HTTP/1.1 403 "), head);
        assertTrue(head.contains("\r\nconnection: close\r\n"), head);
        readsEnd();
        loopback.close();
        assertEquals(List.of(), told);
    }

    @Test
    void whatItHeld_isGivenBack() throws Exception {
        accept();
        sends("8181 00000000 61 0185 00000000 6162");
        assertInstanceOf(Inbound.Message.class, hears());
        loopback.client.close();
        assertEquals(new Inbound.Closed(1006, ""), hears());
        boolean _ = exchange.appEnded(false);
        exchange.transport().write(exchange);
        loopback.reader().join();
        assertFalse(exchange.isFull());
        assertEquals(0, time.ledger.held());
    }
}
