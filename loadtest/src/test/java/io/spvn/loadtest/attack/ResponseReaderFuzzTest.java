package io.spvn.loadtest.attack;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Bytes of a server that may send anything: they are a response, the beginning of one, or
/// malformed; and how they are cut into reads does not matter. Ordinary runs replay the found
/// cases, and try fresh inputs; the profile `fuzz` lets Jazzer look for more.
final class ResponseReaderFuzzTest {
    private static final int ROUNDS = 15_000;
    private static final int MOST_SCRAPS = 12;

    private static final List<String> SCRAPS =
            List.of(
                    "HTTP/1.1 200 OK\r\n",
                    "HTTP/1.0 404 \n",
                    "HTTP/1.1 100 Continue\r\n\r\n",
                    "HTTP/1.1 204\r\n\r\n",
                    "HTTP/1.1 101 x\r\n\r\n",
                    "Content-Length: 5\r\n",
                    "content-length: 0\r\n",
                    "Content-Length: 1125899906842624\r\n",
                    "Content-Length: 99999999999999999999\r\n",
                    "Transfer-Encoding: chunked\r\n",
                    "Transfer-Encoding: gzip\r\n",
                    "Connection: close\r\n",
                    "Connection: keep-alive\r\n",
                    "\r\n",
                    "\n",
                    "\r",
                    " ",
                    "\0",
                    ":",
                    ";",
                    "-1\r\n",
                    "0\r\n",
                    "5\r\nhello\r\n",
                    "5;a=b\r\nhello\r\n",
                    "3ffffffffffff\r\n",
                    "7fffffffffffffff\r\n",
                    "0\r\n\r\n",
                    "hello",
                    "\u00ff",
                    "x".repeat(2_000));

    static Stream<Named<byte[]>> seeds() {
        String ok = "HTTP/1.1 200 OK\r\n";
        return Stream.of(
                        ok + "Content-Length: 5\r\n\r\nhello",
                        ok + "Transfer-Encoding: chunked\r\n\r\n5;a\r\nhello\r\n0\r\nA: b\r\n\r\n",
                        ok + "Connection: close\r\n\r\nhello",
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 204 \r\n\r\n")
                .map(text -> Named.of(text.strip(), text.getBytes(ISO_8859_1)));
    }

    @MethodSource("seeds")
    @DictionaryEntries({
        "HTTP/1.1 200 OK\\x0D\\x0A",
        "HTTP/1.1 100 Continue\\x0D\\x0A\\x0D\\x0A",
        "Content-Length: 5\\x0D\\x0A",
        "Transfer-Encoding: chunked\\x0D\\x0A",
        "Connection: close\\x0D\\x0A",
        "\\x0D\\x0A\\x0D\\x0A",
        "0\\x0D\\x0A\\x0D\\x0A"
    })
    @FuzzTest
    void bytes_areAResponse_orMalformed_orMustGoOn(byte[] bytes) {
        check(bytes);
    }

    @Test
    void freshBytes_areAResponse_orMalformed_orMustGoOn() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.out.printf("%d fresh inputs, -Dfuzz.seed=%d%n", ROUNDS, seed);
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            check(text(random).getBytes(ISO_8859_1));
        }
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(MOST_SCRAPS), 0, SCRAPS.size())
                .mapToObj(SCRAPS::get)
                .collect(Collectors.joining());
    }

    private static void check(byte[] bytes) {
        var sum = new CRC32();
        sum.update(bytes);
        var cuts = new Random(sum.getValue());
        for (boolean head : new boolean[] {false, true}) {
            String whole = outcome(bytes, head, _ -> bytes.length);
            assertEquals(whole, outcome(bytes, head, _ -> 1), () -> shown(bytes));
            assertEquals(
                    whole, outcome(bytes, head, _ -> 1 + cuts.nextInt(60)), () -> shown(bytes));
        }
    }

    /// All that a reader says of bytes in pieces.
    private static String outcome(byte[] bytes, boolean head, IntUnaryOperator pieceAt) {
        var reader = new ResponseReader(head);
        reader.begin();
        int at = 0;
        boolean ended = false;
        try {
            while (!ended && at < bytes.length) {
                int count = Math.min(bytes.length - at, pieceAt.applyAsInt(at));
                ByteBuffer piece = ByteBuffer.wrap(bytes, at, count);
                ended = reader.read(piece);
                assertTrue(ended || !piece.hasRemaining());
                at = piece.position();
            }
        } catch (MalformedResponse refused) {
            return "malformed: " + refused.getMessage();
        }
        return ended ? ended(reader, at) : "more, by close: " + reader.endsWithConnection();
    }

    private static String ended(ResponseReader reader, int end) {
        assertTrue(reader.status() >= 200 && reader.status() <= 999);
        return end + " " + reader.status() + " " + reader.keepsConnection();
    }

    private static String shown(byte[] bytes) {
        return new String(bytes, ISO_8859_1).replace("\r", "\\r").replace("\n", "\\n");
    }
}
