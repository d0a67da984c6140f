package io.spvn.server.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.HandClock;
import io.spvn.server.connection.Loopback;
import io.spvn.server.http2.FrameClient.Frame;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Frames that do no good, by the thousand: each kind has its end, and its count.
@Timeout(30)
class FloodTest {
    private static final int MANY = 5000;

    private final HandClock time = new HandClock();
    private final BlockingQueue<Exchange> submitted = new LinkedBlockingQueue<>();
    private final List<Rejected> refused = new CopyOnWriteArrayList<>();

    /// The frames of one step of a flood.
    interface Step {
        void send(FrameClient client, int number) throws IOException;
    }

    private static Arguments flood(String name, Rejected counted, Step step) {
        return Arguments.of(name, counted, step);
    }

    static Stream<Arguments> floods() {
        Rejected flood = Rejected.HTTP2_FLOOD;
        Rejected resets = Rejected.HTTP2_RESETS;
        byte[] zero = FrameClient.int32(0);
        return Stream.of(
                flood("PING", flood, (c, _) -> c.frame(FrameType.PING, 0, 0, new byte[8])),
                flood("SETTINGS", flood, (c, _) -> c.settings()),
                flood(
                        "table sizes",
                        flood,
                        (c, n) -> c.settings(PeerSettings.HEADER_TABLE_SIZE, n % 2 * 4096)),
                flood(
                        "PRIORITY",
                        flood,
                        (c, n) -> c.frame(FrameType.PRIORITY, 0, 2 * n + 1, new byte[5])),
                flood(
                        "PRIORITY_UPDATE",
                        flood,
                        (c, _) -> c.frame(FrameType.PRIORITY_UPDATE, 0, 0, FrameClient.int32(1))),
                flood("dribble", flood, (c, _) -> c.windowUpdate(0, 1)),
                flood("unknown", flood, (c, _) -> c.frame(99, 0, 0, new byte[10])),
                flood(
                        "empty DATA",
                        flood,
                        (c, n) -> {
                            if (n == 0) {
                                c.post(1);
                            }
                            c.frame(FrameType.DATA, 0, 1);
                        }),
                flood(
                        "padding",
                        flood,
                        (c, n) -> {
                            if (n == 0) {
                                c.post(1);
                            }
                            byte[] padded = new byte[257];
                            padded[0] = (byte) 255;
                            c.frame(FrameType.DATA, Flags.PADDED, 1, padded);
                        }),
                onRequest(
                        "rapid reset", (c, n) -> c.frame(FrameType.RST_STREAM, 0, 2 * n + 1, zero)),
                onRequest("reset by a window of 0", (c, n) -> c.windowUpdate(2 * n + 1, 0)),
                onRequest(
                        "reset by a window too large",
                        (c, n) -> c.windowUpdate(2 * n + 1, Integer.MAX_VALUE)),
                onRequest(
                        "reset by DATA behind the end",
                        (c, n) -> c.frame(FrameType.DATA, 0, 2 * n + 1, zero)),
                onRequest("reset by HEADERS behind the end", (c, n) -> c.get(2 * n + 1)),
                onRequest(
                        "reset by a PRIORITY of the wrong size",
                        (c, n) -> c.frame(FrameType.PRIORITY, 0, 2 * n + 1, zero)),
                flood(
                        "reset by a length that is not kept",
                        resets,
                        (c, n) -> {
                            c.post(2 * n + 1, "content-length", "1");
                            c.frame(FrameType.DATA, 0, 2 * n + 1, zero);
                        }),
                flood("malformed requests", resets, (c, n) -> c.get(2 * n + 1, "te", "x")),
                flood("refused requests", flood, (c, n) -> c.get(2 * n + 1)));
    }

    /// Of requests, each with something behind it for which its stream is reset.
    private static Arguments onRequest(String name, Step behind) {
        return flood(
                name,
                Rejected.HTTP2_RESETS,
                (c, n) -> {
                    c.get(2 * n + 1);
                    behind.send(c, n);
                });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("floods")
    void aFlood_endsTheConnection_andIsCounted(String name, Rejected counted, Step step)
            throws Exception {
        Loopback loopback = serve();
        FrameClient client = new FrameClient(loopback.client);
        client.greet();
        client.frame(FrameType.SETTINGS, Flags.ACK, 0);
        Thread flood = Thread.startVirtualThread(() -> flood(client, step));
        Frame last = client.await(FrameType.GOAWAY);
        assertEquals(ErrorCode.ENHANCE_YOUR_CALM.number(), last.int32(4), last.text());
        assertTrue(refused.contains(counted), refused.toString());
        loopback.close();
        flood.join();
        assertEquals(0, time.ledger.held());
    }

    private Loopback serve() throws IOException {
        Loopback loopback = new Loopback(time);
        ExchangeListener listener =
                new ExchangeListener() {
                    @Override
                    public void refused(Rejected reason) {
                        refused.add(reason);
                    }
                };
        Http2Fixture.serve(loopback, submitted::add, 100, listener);
        return loopback;
    }

    private static void flood(FrameClient client, Step step) {
        try {
            for (int number = 0; number < MANY; number++) {
                step.send(client, number);
            }
        } catch (IOException ended) {
            return; // as it is to
        }
    }

    @ParameterizedTest
    @MethodSource("continuations")
    void aFieldBlockWithoutEnd_endsTheConnection(int bytes) throws Exception {
        Loopback loopback = serve();
        FrameClient client = new FrameClient(loopback.client);
        client.greet();
        client.frame(FrameType.HEADERS, Flags.END_STREAM, 1, client.request("GET"));
        Thread flood =
                Thread.startVirtualThread(
                        () ->
                                flood(
                                        client,
                                        (c, _) ->
                                                c.frame(
                                                        FrameType.CONTINUATION,
                                                        0,
                                                        1,
                                                        new byte[bytes])));
        Frame last = client.await(FrameType.GOAWAY);
        assertEquals(ErrorCode.ENHANCE_YOUR_CALM.number(), last.int32(4), last.text());
        loopback.close();
        flood.join();
        assertEquals(0, time.ledger.held());
    }

    static Stream<Arguments> continuations() {
        return Stream.of(Arguments.of(0), Arguments.of(1000));
    }
}
