package io.spvn.server.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.connection.Octets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HpackEncoderTest {
    private static final String[] NAMES = {
        ":status",
        "server",
        "date",
        "content-type",
        "content-length",
        "set-cookie",
        "vary",
        "x-frame-options",
        "etag",
        "x-own",
        "X-Powered-By",
        "Content-Security-Policy"
    };

    private final Block out = new Block(1);

    private String block(HpackEncoder encoder, String... fields) {
        out.clear();
        encoder.begin(out);
        for (int i = 0; i < fields.length; i += 2) {
            encoder.field(Octets.of(fields[i]), Octets.of(fields[i + 1]), false);
        }
        return HexFormat.of().formatHex(out.array(), 0, out.length());
    }

    @Test
    void withoutATable_eachBlockStandsForItself() {
        var encoder = new HpackEncoder(0);
        assertEquals("20" + "88", block(encoder, ":status", "200"));
        String first = block(encoder, "content-type", "~");
        assertEquals("0f10017e", first);
        assertEquals(first, block(encoder, "content-type", "~"));
    }

    @Test
    void commonFields_areOneOctetTheSecondTime() {
        var encoder = new HpackEncoder(1024);
        String first = block(encoder, ":status", "200", "server", "spvn");
        assertTrue(first.startsWith("3fe107" + "88" + "76"), first);
        assertEquals("88be", block(encoder, ":status", "200", "server", "spvn"));
        assertEquals("88be", block(encoder, ":status", "200", "Server", "spvn"));
    }

    @Test
    void secretsAndWhatHardlyComesAgain_areNoEntries() {
        var encoder = new HpackEncoder(1024);
        assertEquals("3fe107" + "1f28017e", block(encoder, "set-cookie", "~"));
        assertEquals("1f28017e", block(encoder, "set-cookie", "~"));
        assertEquals("0f0d017e", block(encoder, "content-length", "~"));
        assertEquals("0f0d017e", block(encoder, "content-length", "~"));
    }

    @Test
    void sensitiveFields_areNeverIndexed() {
        var encoder = new HpackEncoder(0);
        block(encoder);
        out.clear();
        encoder.begin(out);
        encoder.field(Octets.of("server"), Octets.of("~"), true);
        assertEquals("1f27017e", HexFormat.of().formatHex(out.array(), 0, out.length()));
    }

    /// RFC 7541 4.2: the smallest size in between, then the one it has.
    @Test
    void sizesOfTheTable_areSaidWhereABlockBegins() {
        var encoder = new HpackEncoder(1024);
        assertEquals("3fe107", block(encoder));
        assertEquals("", block(encoder));
        encoder.tableSize(0);
        encoder.tableSize(100);
        encoder.tableSize(-1);
        assertEquals("20" + "3fe107", block(encoder));
        encoder.tableSize(100);
        assertEquals("3f45", block(encoder));
        encoder.tableSize(4096);
        assertEquals("3fe107", block(encoder));
        encoder.tableSize(2048);
        assertEquals("", block(encoder));
    }

    /// Whatever is written, and however the client changes its mind about the table, it reads what
    /// was meant.
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 1024, 4096})
    void whatIsWritten_isReadAgain(int limit) throws HpackError {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var encoder = new HpackEncoder(limit);
        var decoder = new HpackDecoder(4096);
        for (int round = 0; round < 2000; round++) {
            if (random.nextInt(20) == 0) {
                encoder.tableSize(random.nextInt(4097));
            }
            out.clear();
            encoder.begin(out);
            var expected = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                String name = NAMES[random.nextInt(NAMES.length)];
                String value = value(random);
                encoder.field(Octets.of(name), Octets.of(value), random.nextInt(10) == 0);
                expected.append(name.toLowerCase(Locale.ROOT))
                        .append(": ")
                        .append(value)
                        .append('\n');
            }
            byte[] block = Arrays.copyOf(out.array(), out.length());
            assertEquals(expected.toString(), Decoded.of(decoder, block), "seed " + seed);
        }
    }

    private static String value(Random random) {
        if (random.nextBoolean()) {
            return "v" + random.nextInt(4);
        }
        byte[] octets = new byte[random.nextInt(random.nextInt(10) == 0 ? 3000 : 30)];
        random.nextBytes(octets);
        return Octets.text(octets);
    }
}
