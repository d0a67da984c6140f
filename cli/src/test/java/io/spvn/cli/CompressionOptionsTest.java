package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.http.Compression;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompressionOptionsTest {
    @Test
    void nothingIsCompressed_unlessAskedFor() {
        assertNull(Invocation.of("serve", "m:app").config().compression());
        assertNull(
                Invocation.of("serve", "m:app", "--compress-min-size", "9").config().compression());
        assertEquals(
                new Compression(500),
                Invocation.of("serve", "m:app", "--compress").config().compression());
    }

    @Test
    void environment_countsWhereNoOptionIsGiven() {
        Map<String, String> environment =
                Map.of("SPVN_COMPRESS", "on", "SPVN_COMPRESS_MIN_SIZE", "2K");
        assertEquals(
                new Compression(2048),
                Invocation.with(environment, "serve", "m:app").config().compression());
        assertEquals(
                new Compression(9),
                Invocation.with(environment, "serve", "m:app", "--compress-min-size", "9")
                        .config()
                        .compression());
    }

    @Test
    void wrongSize_isSaid() {
        Invocation wrong = Invocation.of("serve", "m:app", "--compress", "--compress-min-size=x");
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().contains("--compress-min-size"), wrong.err());
    }
}
