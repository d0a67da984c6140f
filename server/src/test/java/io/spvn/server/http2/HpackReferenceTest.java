package io.spvn.server.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.spvn.server.connection.Octets;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Blocks written by another encoder, `hpack` 4.2 of PyPI, on 20 connections: 15 blocks each of one
/// to seven fields, whose names come from nine and whose values are five in turn, random text, or
/// random octets; some fields never indexed, some blocks without Huffman, and a table of another
/// size (0 to 4096) before every tenth or so.
///
/// In the file a line `connection` begins another table; any other is a block in hexadecimal and
/// then its fields, each as name and value in hexadecimal with `=` between.
class HpackReferenceTest {
    @Test
    void blocksOfAnotherEncoder_areReadAsTheyWereMeant() throws HpackError, IOException {
        var decoder = new HpackDecoder(4096);
        int blocks = 0;
        for (String line : lines()) {
            if (line.equals("connection")) {
                decoder = new HpackDecoder(4096);
            } else {
                String[] parts = line.split(" ", -1);
                assertEquals(fields(parts), Decoded.of(decoder, parts[0]), "block " + blocks);
                blocks++;
            }
        }
        assertEquals(300, blocks);
    }

    private static List<String> lines() throws IOException {
        try (InputStream file = HpackReferenceTest.class.getResourceAsStream("hpack-blocks.txt")) {
            assertNotNull(file);
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
        }
    }

    private static String fields(String[] parts) {
        var fields = new StringBuilder();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", 2);
            fields.append(text(pair[0])).append(": ").append(text(pair[1])).append('\n');
        }
        return fields.toString();
    }

    private static String text(String hex) {
        return Octets.text(HexFormat.of().parseHex(hex));
    }
}
