package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.KeptSink;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.process.Message.Up;
import io.spvn.bridge.worker.Farewell;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.Requests;
import io.spvn.bridge.worker.VitalSigns;
import io.spvn.bridge.worker.WorkerFactory.Place;
import java.io.ByteArrayOutputStream;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Whatever a child says, its reader comes to its end, with words at most.
@Timeout(60)
final class ReaderFuzzTest {
    private static final int ROUNDS = 6_000;
    private static final byte[] NONE = {};
    private static final byte[] TAGS = "()[]{}iIlsutaTFNgZr0\0\1\177\200\377".getBytes(ISO_8859_1);
    private static final Room UNUSED = new Room();

    /// The numbers of the exchanges in hand.
    private static final List<Integer> NUMBERS = List.of(1, 2, 3);

    private static List<byte[]> seeds() {
        return List.of(life(), responses(), large(), strangers());
    }

    private static byte[] life() {
        return Said.that(Up.SERVING)
                .and(Up.LOG, 0, "words")
                .and(Up.LISTENS, 1, 2)
                .and(Up.RESTED, 1.5)
                .and(Up.WAITS, "an end", true)
                .and(Up.LEAVING, "SIGTERM")
                .and(Up.DEAF)
                .and(Up.RESULT, "stopped", "", "", "")
                .batch(0);
    }

    private static byte[] responses() {
        byte[] fields = "content-length\0001\0a\0b\0".getBytes(ISO_8859_1);
        return Said.that(Up.RESPONSE, 1, 200, fields, new byte[] {'x'})
                .and(Up.START, 2, 404, fields)
                .and(Up.PART, 2, new byte[] {'y'}, false)
                .and(Up.ENDED, 2, null)
                .and(Up.WANT, 3)
                .and(Up.FULL, 3)
                .and(Up.HINT, 4, fields)
                .and(Up.TRAILED, 4, 200, fields)
                .and(Up.FILE, 4, "/proc/self/status", 1.0)
                .and(Up.TRAILERS, 4, new byte[] {'a', 0, 'b', 0}, false)
                .and(Up.LOST, 5)
                .and(Up.ANSWERED, 3, 200, NONE, NONE)
                .batch(0);
    }

    private static byte[] large() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(
                Said.that(Up.START, 1, 200, NONE).and(Up.LARGE, 1, 5, 100_000.0, true).batch(0));
        all.writeBytes(Said.piece(6, new byte[100]));
        all.writeBytes(Said.piece(5, new byte[100]));
        return all.toByteArray();
    }

    private static byte[] strangers() {
        return Said.that(Up.ENDED, 7, null)
                .and(Up.RESPONSE, 8, 200, NONE, NONE)
                .and(Up.WANT, 9)
                .and(Up.SERVING)
                .batch(0);
    }

    @Test
    void theSeeds_areUnderstood() {
        for (byte[] seed : List.of(life(), responses(), strangers())) {
            assertEquals("", read(seed));
        }
        assertEquals(
                "it sent what is not understood: a piece of 100 bytes that it was not asked for",
                read(large()));
    }

    @Test
    void changedBytes_areRead() {
        Random random = new Random(20_260);
        List<byte[]> seeds = seeds();
        int understood = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
            for (int left = random.nextInt(4); left >= 0; left--) {
                bytes = changed(bytes, random);
            }
            understood += read(bytes).isEmpty() ? 1 : 0;
        }
        assertTrue(understood > ROUNDS / 100, "some were understood: " + understood);
        assertTrue(understood < ROUNDS, "and some not");
    }

    @Test
    void noise_isRead() {
        Random random = new Random(13);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = new byte[random.nextInt(60)];
            random.nextBytes(bytes);
            read(random.nextBoolean() ? bytes : Said.framed(bytes));
        }
    }

    private static byte[] changed(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return bytes;
        }
        int at = random.nextInt(bytes.length);
        byte[] changed = bytes.clone();
        switch (random.nextInt(5)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) random.nextInt(256);
            case 2 -> changed[at] = TAGS[random.nextInt(TAGS.length)];
            case 3 -> System.arraycopy(bytes, 0, changed, at, bytes.length - at);
            default -> changed = Arrays.copyOf(bytes, at);
        }
        return changed;
    }

    /// Reads what a child with some requests in hand says.
    ///
    /// @return what was wrong with it
    private static String read(byte[] bytes) {
        String fault = reader(bytes).run();
        assertFalse(fault.contains("\n"));
        return fault;
    }

    private static Reader reader(byte[] bytes) {
        SocketChannel channel = new ArrivingBytes(bytes, Integer.MAX_VALUE);
        RequestQueue requests = new RequestQueue(10);
        KeptSink sink = new KeptSink();
        Tickets tickets = new Tickets();
        ExchangeListener none = ExchangeListener.NONE;
        Admission admission = new Admission(requests, none, Duration.ofMinutes(1), sink::ready);
        Feeder feeder = new Feeder(requests, admission, tickets, sink, channel, UNUSED, "");
        for (int number : NUMBERS) {
            var request = Requests.request();
            assertEquals(number, tickets.add(request).number);
            request.taken(number, feeder);
            request.clientLeft(); // so that it is no fault that is logged when its app says nothing
        }
        Pulse pulse = new Pulse();
        VitalSigns signs = new VitalSigns(0, pulse, () -> {}, Duration.ZERO, List::of, _ -> {});
        Farewell farewell = new Farewell(() -> {}, Duration.ZERO);
        farewell.begin();
        Place place =
                new Place(0, Isolation.PROCESS, requests, sink, none, _ -> true, _ -> {}, _ -> {});
        Reader.Parts parts = new Reader.Parts(tickets, feeder, pulse, signs, farewell);
        return new Reader(place, new Mute(channel), parts, () -> {}, _ -> {});
    }

    /// A child that is nothing but its connection.
    private record Mute(SocketChannel up) implements Child {
        @Override
        public long pid() {
            return 0;
        }

        @Override
        public SocketChannel down() {
            return up;
        }

        @Override
        public @Nullable SocketChannel side() {
            return null;
        }

        @Override
        public void kill() {}

        @Override
        public @Nullable String awaitEnd(Duration limit) {
            return null;
        }

        @Override
        public void close() {}
    }
}
