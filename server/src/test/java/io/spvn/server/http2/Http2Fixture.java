package io.spvn.server.http2;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.HandClock;
import io.spvn.server.connection.Loopback;
import io.spvn.server.connection.Timeouts;
import io.spvn.server.http.HttpSettings;
import io.spvn.server.http.ResponseDefaults;
import io.spvn.server.http2.FrameClient.Frame;
import io.spvn.server.proxy.Forwarding;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/// HTTP/2 over a real connection; the test's thread is its workers, its responders and its client.
@Timeout(20)
abstract class Http2Fixture {
    static final Duration LONG = Duration.ofSeconds(60);
    static final int END = Flags.END_STREAM;

    final HandClock time = new HandClock();
    final BlockingQueue<Exchange> submitted = new LinkedBlockingQueue<>();
    final List<Rejected> refused = new CopyOnWriteArrayList<>();
    final List<Integer> responded = new CopyOnWriteArrayList<>();
    Loopback loopback;
    FrameClient client;

    @BeforeEach
    void connect() throws Exception {
        loopback = new Loopback(time);
        client = new FrameClient(loopback.client);
        ExchangeListener listener =
                new ExchangeListener() {
                    @Override
                    public void responded(String method, String version, int status, long nanos) {
                        responded.add(status);
                    }

                    @Override
                    public void refused(Rejected reason) {
                        refused.add(reason);
                    }
                };
        serve(loopback, submitted::add, 4, listener);
    }

    /// Serves HTTP/2 of so many streams at a time on a connection.
    static void serve(
            Loopback loopback, Dispatcher dispatcher, int streams, ExchangeListener listener)
            throws IOException {
        HttpSettings settings =
                new HttpSettings(8192, 20, 1_000_000, 0, false, ResponseDefaults.DEFAULT, null);
        Http2 http = new Http2(dispatcher, settings, streams, null, Forwarding.OFF, listener);
        loopback.serve(new Timeouts(LONG, LONG, LONG, LONG, LONG), listener, http);
    }

    @AfterEach
    void close() throws Exception {
        loopback.client.setSoLinger(true, 0); // what is in hand is not waited for
        loopback.client.close();
        for (int look = 0; look < 500 && loopback.reader().isAlive(); look++) {
            boolean _ = loopback.reader().join(Duration.ofMillis(10));
            time.pass(Duration.ofSeconds(1));
        }
        assertTrue(!loopback.reader().isAlive(), "its reader has not ended");
        assertEquals(0, time.ledger.held());
    }

    HttpExchange taken() throws InterruptedException {
        HttpExchange exchange =
                assertInstanceOf(HttpExchange.class, submitted.poll(10, TimeUnit.SECONDS));
        exchange.taken(1, _ -> {});
        return exchange;
    }

    static void start(HttpExchange exchange, String... fields) {
        byte[][] pairs = new byte[fields.length][];
        for (int at = 0; at < fields.length; at++) {
            pairs[at] = fields[at].getBytes(US_ASCII);
        }
        exchange.send(new Outbound.ResponseStart(200, Headers.of(pairs)));
    }

    static void body(HttpExchange exchange, int bytes, boolean more) {
        exchange.send(new Outbound.ResponseBody(Payload.of(new byte[bytes]), more));
        exchange.transport().write(exchange);
    }

    static void answer(HttpExchange exchange, int bytes) {
        start(exchange);
        body(exchange, bytes, false);
    }

    void greet(int... settings) throws IOException {
        client.greet(settings);
        Frame own = client.await(FrameType.SETTINGS);
        assertEquals(0, own.flags());
        Frame ack = client.await(FrameType.SETTINGS);
        assertTrue(ack.is(Flags.ACK));
        client.frame(FrameType.SETTINGS, Flags.ACK, 0);
        client.frame(FrameType.PING, 0, 0, new byte[8]);
        client.await(FrameType.PING); // said once all has been read
    }

    void awaitsGoAway(ErrorCode code) throws IOException {
        Frame last = client.await(FrameType.GOAWAY);
        assertEquals(code.number(), last.int32(4), last.text());
    }
}
