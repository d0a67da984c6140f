package io.spvn.server.connection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.http.HttpSettings;
import io.spvn.server.http1.Http1;
import io.spvn.server.proxy.Forwarding;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A response that is written by a thread that must not wait for its client: this one.
@Timeout(20)
class WriteAtOnceTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String HEAD = "HTTP/1.1 200 OK\r\n";

    private final HandClock time = new HandClock();
    private final BlockingQueue<Exchange> taken = new LinkedBlockingQueue<>();
    private Loopback loopback;
    private Exchange exchange;

    @BeforeEach
    void request() throws Exception {
        loopback = new Loopback(time, 4096);
        Http1 http =
                new Http1(
                        taken::add,
                        new HttpSettings(0),
                        null,
                        Forwarding.OFF,
                        ExchangeListener.NONE);
        Timeouts timeouts = new Timeouts(LONG, LONG, LONG, LONG, LONG);
        loopback.serve(timeouts, ExchangeListener.NONE, http);
        loopback.client
                .getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(US_ASCII));
        exchange = taken.poll(10, TimeUnit.SECONDS);
        assertNotNull(exchange);
        exchange.taken(1, _ -> {});
        exchange.send(new Outbound.ResponseStart(200, Headers.EMPTY));
    }

    @AfterEach
    void close() throws Exception {
        loopback.close();
    }

    private boolean writes(int size, boolean more) {
        exchange.send(new Outbound.ResponseBody(Payload.of(new byte[size]), more));
        return exchange.transport().writeAtOnce(exchange);
    }

    private String read(int length) throws IOException {
        return new String(loopback.client.getInputStream().readNBytes(length), US_ASCII);
    }

    @Test
    void aSmallResponse_isWritten() throws Exception {
        assertTrue(writes(100, false));
        assertEquals(0, exchange.unwritten());
        assertEquals(HEAD, read(HEAD.length()));
    }

    @Test
    void aLargeOne_isLeftAsItIs() throws Exception {
        assertFalse(writes(20_000, false));
        assertTrue(exchange.unwritten() > 20_000);
        assertEquals(0, loopback.client.getInputStream().available());
        exchange.transport().write(exchange);
        assertEquals(0, exchange.unwritten());
    }

    @Test
    void aClientThatDoesNotRead_holdsNobodyUp() throws Exception {
        int parts = 0;
        while (writes(5_000, true)) {
            assertEquals(0, exchange.unwritten());
            assertTrue(++parts < 10_000, "the client takes nothing");
        }
        assertTrue(parts > 0);
        Thread patient = Thread.startVirtualThread(() -> writeAll(5_000_000));
        assertTrue(read((parts + 1) * 5_000 + 5_000_000).startsWith(HEAD));
        assertTrue(patient.join(Duration.ofSeconds(10)));
        assertEquals(0, exchange.unwritten());
    }

    private void writeAll(int more) {
        exchange.send(new Outbound.ResponseBody(Payload.of(new byte[more]), false));
        exchange.transport().write(exchange);
    }

    @Test
    void whileAnotherThreadWaitsForTheClient_itIsNotWaitedFor() throws Exception {
        exchange.send(new Outbound.ResponseBody(Payload.of(new byte[12_000_000]), true));
        Thread patient = Thread.startVirtualThread(() -> exchange.transport().write(exchange));
        assertEquals(HEAD, read(HEAD.length()));
        assertFalse(writes(10, true));
        assertFalse(writes(10, false));
        assertTrue(patient.isAlive());
        assertEquals(12_000_000, read(12_000_000).length());
        assertTrue(patient.join(Duration.ofSeconds(10)));
        assertEquals(0, exchange.unwritten(), "who waited has written all");
    }
}
