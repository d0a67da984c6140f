package io.spvn.server.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes as field blocks. Whatever they are, they are fields or an [HpackError], the same for who
/// wants the fields and who does not. Ordinary runs replay the seeds and try fresh inputs; the
/// profile `fuzz` lets Jazzer look for more.
final class HpackDecoderFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final int MOST_CHANGES = 4;

    private static final List<byte[]> SEEDS =
            Stream.of(
                            "828684418cf1e3c2e5f23a6ba0ab90f4ff",
                            "408825a849e95ba97d7f8925a849e95bb8e8b4bfbe",
                            "203fe11f4001610162bebe0001610162100161817f",
                            "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff")
                    .map(HexFormat.of()::parseHex)
                    .toList();

    static Stream<Named<byte[]>> seeds() {
        return SEEDS.stream().map(seed -> Named.of(seed.length + " bytes", seed));
    }

    @MethodSource("seeds")
    @FuzzTest
    void bytes_areFieldsOrAnError(byte[] bytes) {
        check(bytes);
    }

    @Test
    void freshBytes_areFieldsOrAnError() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.printf("%d fresh inputs, -Dfuzz.seed=%d%n", ROUNDS, seed);
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = next(random);
            try {
                check(bytes);
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError("-Dfuzz.seed=" + seed + ", round " + round, broken);
            }
        }
    }

    private static byte[] next(Random random) {
        if (random.nextInt(4) == 0) {
            byte[] any = new byte[random.nextInt(200)];
            random.nextBytes(any);
            return any;
        }
        byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).clone();
        for (int i = random.nextInt(MOST_CHANGES); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void check(byte[] bytes) {
        assertEquals(said(bytes, true), said(bytes, false));
    }

    /// The sizes of all fields, and how it ended.
    private static String said(byte[] bytes, boolean wanted) {
        var sizes = new StringBuilder();
        try {
            new HpackDecoder(256).decode(bytes, 0, bytes.length, sizes(sizes, wanted));
            return sizes.append("end").toString();
        } catch (HpackError refused) {
            assertFalse(String.valueOf(refused.getMessage()).isEmpty());
            return sizes.append(refused.getMessage()).toString();
        }
    }

    private static FieldSink sizes(StringBuilder sizes, boolean wanted) {
        return new FieldSink() {
            @Override
            public boolean wants(int nameLength, int valueLength) {
                sizes.append(nameLength).append(' ').append(valueLength).append('\n');
                return wanted;
            }

            @Override
            public void field(byte[] name, byte[] value) {
                assertTrue(wanted);
                String line = name.length + " " + value.length + "\n";
                assertTrue(sizes.toString().endsWith(line));
            }
        };
    }
}
