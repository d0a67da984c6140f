package io.spvn.server.websocket;

import static io.spvn.server.websocket.Frames.FIN;
import static io.spvn.server.websocket.Frames.RSV1;
import static io.spvn.server.websocket.Frames.frame;
import static io.spvn.server.websocket.Frames.joined;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.spvn.server.connection.Octets;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes as frames, see [FrameProperties]. Ordinary runs replay the seeds and the found cases, and
/// try fresh inputs; the profile `fuzz` lets Jazzer look for more.
final class FrameReaderFuzzTest {
    private static final int ROUNDS = 5_000;
    private static final int MOST_FRAMES = 8;
    private static final int MOST_CHANGES = 4;
    private static final int[] KINDS = {0, 0, 0, 1, 1, 2, 2, 8, 9, 9, 10, 3};

    private static final List<byte[]> SEEDS =
            List.of(
                    frame(FIN | 1, "hello"),
                    joined(frame(1, "a\u00E2"), frame(FIN | 9, "p"), frame(FIN, "\u0082\u00AC")),
                    frame(FIN | 2, new byte[FrameProperties.MAX]),
                    frame(FIN | 2, new byte[FrameProperties.MAX + 1]),
                    frame(FIN | RSV1 | 1, "\u00F2H\u00CD\u00C9\u00C9\7\0"),
                    frame(FIN | RSV1 | 1, "\u00F3H\u00CD\u00C9\u00C9\7\0\0"),
                    frame(FIN | RSV1 | 2, deflated(new byte[100_000])),
                    joined(frame(FIN | 10, ""), frame(FIN | 8, "\3\u00E8bye"), frame(FIN | 9, "")));

    static Stream<Named<byte[]>> seeds() {
        return SEEDS.stream().map(seed -> Named.of(seed.length + " bytes", seed));
    }

    @MethodSource("seeds")
    @FuzzTest
    void bytes_keepTheProperties(byte[] bytes) {
        FrameProperties.check(bytes);
    }

    @Test
    void freshBytes_keepTheProperties() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.printf("%d fresh inputs, -Dfuzz.seed=%d%n", ROUNDS, seed);
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = next(random);
            try {
                FrameProperties.check(bytes);
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError("-Dfuzz.seed=" + seed + ", round " + round, broken);
            }
        }
    }

    /// Frames in a row, some of which make sense, some bytes of which are changed.
    private static byte[] next(Random random) {
        var bytes = new ByteArrayOutputStream();
        for (int i = random.nextInt(MOST_FRAMES); i >= 0; i--) {
            bytes.writeBytes(random.nextInt(4) == 0 ? pick(random) : anyFrame(random));
        }
        byte[] all = bytes.toByteArray();
        for (int i = random.nextInt(MOST_CHANGES); i > 0; i--) {
            all[random.nextInt(Math.min(all.length, 1 + random.nextInt(500)))] =
                    (byte) random.nextInt(256);
        }
        return all;
    }

    private static byte[] pick(Random random) {
        return SEEDS.get(random.nextInt(SEEDS.size()));
    }

    private static byte[] anyFrame(Random random) {
        int kind = KINDS[random.nextInt(KINDS.length)];
        byte[] data = data(random);
        boolean compressed = (kind == 1 || kind == 2) && random.nextBoolean();
        int first = (random.nextInt(3) == 0 ? 0 : FIN) | kind | (compressed ? RSV1 : 0);
        return frame(first, compressed ? deflated(data) : data, random.nextInt());
    }

    private static byte[] data(Random random) {
        byte[] data = new byte[random.nextInt(random.nextInt(4) == 0 ? 3000 : 20)];
        if (random.nextInt(3) == 0) {
            random.nextBytes(data);
        } else if (random.nextBoolean()) {
            byte[] text = Octets.of("gr\u00C3\u00BC\u00C3\u009F dich \u00F0\u009F\u0098\u0080");
            for (int i = 0; i < data.length; i++) {
                data[i] = text[i % text.length];
            }
        }
        return data;
    }

    private static byte[] deflated(byte[] data) {
        var deflater = new Deflater(6, true);
        deflater.setInput(data);
        byte[] coded = new byte[data.length + 100];
        int length = deflater.deflate(coded, 0, coded.length, Deflater.SYNC_FLUSH);
        deflater.end();
        return Arrays.copyOf(coded, Math.max(0, length - 4));
    }
}
