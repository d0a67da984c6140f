package io.spvn.server.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Ledger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/// What holds for any bytes that a client sends as frames: how they are cut into reads does not
/// matter, nothing is thrown, what is held is bounded, and all is given back.
final class FrameProperties {
    static final int MAX = 4096;

    private static final List<Extension> OFFER =
            List.of(new Extension("permessage-deflate", List.of()));

    /// What a message may take while it is compressed, and again when it is not any more, in
    /// buffers that double.
    private static final long MOST_HELD = 2 * (MessageDeflater.mostOf(MAX) + MAX);

    private FrameProperties() {}

    static void check(byte[] bytes) {
        var cuts = new Random(Arrays.hashCode(bytes));
        for (long budget : new long[] {0, 1 << 20}) {
            List<String> whole = received(bytes, _ -> bytes.length, budget);
            assertEquals(whole, received(bytes, _ -> 1, budget));
            assertEquals(whole, received(bytes, _ -> 1 + cuts.nextInt(40), budget));
        }
    }

    private static List<String> received(byte[] bytes, IntUnaryOperator pieceAt, long budget) {
        var ledger = new Ledger(1 << 20);
        List<String> received = new ArrayList<>();
        try (var contexts = new DeflateContexts(budget);
                var deflate = Objects.requireNonNull(contexts.agree(OFFER))) {
            var reader = new FrameReader(ledger, MAX, deflate);
            int at = 0;
            while (at < bytes.length) {
                int to = (int) Math.min(bytes.length, (long) at + pieceAt.applyAsInt(at));
                read(reader, bytes, at, to, ledger, received);
                at = to;
            }
            reader.close();
        }
        assertEquals(0, ledger.held());
        assertEndsOnce(received);
        return received;
    }

    private static void read(
            FrameReader reader,
            byte[] bytes,
            int from,
            int to,
            Ledger ledger,
            List<String> received) {
        int at = from;
        Received next;
        while ((next = reader.read(bytes, at, to)) != null) {
            assertTrue(reader.position() >= at && reader.position() <= to);
            at = reader.position();
            received.add(Frames.shown(next));
            ledger.giveBack(Ledger.weight(length(next)));
        }
        assertEquals(to, reader.position());
        assertEquals(Ledger.weight(reader.held()), ledger.held());
        assertTrue(reader.held() <= MOST_HELD);
    }

    private static int length(Received received) {
        int length =
                switch (received) {
                    case Received.Text(byte[] utf8) -> utf8.length;
                    case Received.Binary(byte[] data) -> data.length;
                    default -> 0;
                };
        assertTrue(length <= MAX);
        return length;
    }

    /// Nothing comes behind a close or a failure.
    private static void assertEndsOnce(List<String> received) {
        for (int i = 0; i < received.size() - 1; i++) {
            String event = received.get(i);
            assertTrue(event.matches("(?s)(text|binary|ping|pong) .*"), event);
        }
    }
}
