package io.spvn.server.proxy;

import static io.spvn.server.proxy.ProxyHeaders.LOCAL;
import static io.spvn.server.proxy.ProxyHeaders.PROXY;
import static io.spvn.server.proxy.ProxyHeaders.TCP4;
import static io.spvn.server.proxy.ProxyHeaders.TCP6;
import static io.spvn.server.proxy.ProxyHeaders.UNIX;
import static io.spvn.server.proxy.ProxyHeaders.binary;
import static io.spvn.server.proxy.ProxyHeaders.bytes;
import static io.spvn.server.proxy.ProxyHeaders.ip;
import static io.spvn.server.proxy.ProxyHeaders.unix;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.spvn.server.proxy.ProxyHeader.Malformed;
import io.spvn.server.proxy.ProxyHeader.Said;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes as headers of the PROXY protocol. Whatever they are, they are refused, unfinished within
/// bounds, or a header with an end; and what they are does not depend on how they come in pieces.
/// Ordinary runs replay the seeds and try fresh inputs; the profile `fuzz` lets Jazzer look for
/// more.
final class ProxyHeaderFuzzTest {
    private static final int ROUNDS = 5_000;
    private static final int MOST_CHANGES = 4;

    private static final List<byte[]> SEEDS =
            List.of(
                    bytes("PROXY TCP4 192.0.2.7 203.0.113.9 56324 443\r\nGET / HTTP/1.1\r\n"),
                    bytes("PROXY TCP6 2001:db8::1 ::ffff:192.0.2.1 56324 443\r\n"),
                    bytes("PROXY UNKNOWN\r\n"),
                    binary(LOCAL, 0, new byte[0]),
                    binary(PROXY, TCP4, ip(4, new byte[40])),
                    binary(PROXY, TCP6, ip(16, new byte[0])),
                    binary(PROXY, UNIX, unix("/a", "/b")));

    static Stream<Named<byte[]>> seeds() {
        return SEEDS.stream().map(seed -> Named.of(seed.length + " bytes", seed));
    }

    @MethodSource("seeds")
    @FuzzTest
    void bytes_areOneThing(byte[] bytes) {
        check(bytes);
    }

    @Test
    void freshBytes_areOneThing() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.printf("%d fresh inputs, -Dfuzz.seed=%d%n", ROUNDS, seed);
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            byte[] bytes = SEEDS.get(random.nextInt(SEEDS.size())).clone();
            for (int i = random.nextInt(MOST_CHANGES); i > 0; i--) {
                bytes[random.nextInt(bytes.length)] =
                        (byte)
                                (random.nextBoolean()
                                        ? random.nextInt(256)
                                        : "0159 .:\r\n".charAt(random.nextInt(9)));
            }
            try {
                check(bytes);
            } catch (RuntimeException | AssertionError broken) {
                throw new AssertionError("-Dfuzz.seed=" + seed + ", round " + round, broken);
            }
        }
    }

    private static void check(byte[] bytes) {
        String whole = "unfinished";
        for (int length = 1; length <= Math.min(bytes.length, 2 * ProxyHeader.MOST); length++) {
            String said = said(bytes, length);
            if (!whole.equals("unfinished")) {
                assertEquals(whole, said, "what comes behind it changes nothing");
            }
            whole = said;
        }
    }

    private static String said(byte[] bytes, int length) {
        try {
            return switch (ProxyHeader.parse(bytes, length)) {
                case Said.Unfinished() -> {
                    assertTrue(length < ProxyHeader.MOST, "a header has a bound");
                    yield "unfinished";
                }
                case Said.Own(int end) -> ended(end, length, "own");
                case Said.Of of -> ended(of.end(), length, of.toString());
            };
        } catch (Malformed refused) {
            assertFalse(String.valueOf(refused.getMessage()).isEmpty());
            return "refused";
        }
    }

    private static String ended(int end, int length, String what) {
        assertTrue(end > 0 && end <= length, "it ends in what has come");
        return what + " until " + end;
    }
}
