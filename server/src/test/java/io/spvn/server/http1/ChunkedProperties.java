package io.spvn.server.http1;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.http.BodySink;
import io.spvn.server.http.HttpError;
import io.spvn.server.http1.ChunkedReference.End;
import io.spvn.server.http1.ChunkedReference.Outcome;
import java.util.Random;
import java.util.function.IntUnaryOperator;

/// What holds for any bytes that are read as a chunked body: [ChunkedReference] reads them the
/// same, and how they are cut into reads does not matter.
final class ChunkedProperties {
    private ChunkedProperties() {}

    static void check(byte[] bytes) {
        Outcome expected = ChunkedReference.read(Heads.text(bytes));
        Random cuts = HeadProperties.cuts(bytes);
        assertAlike(expected, decoded(bytes, _ -> bytes.length));
        assertAlike(expected, decoded(bytes, _ -> 1));
        assertAlike(expected, decoded(bytes, _ -> 1 + cuts.nextInt(40)));
        assertTrue(expected.data().length() <= bytes.length);
    }

    private static void assertAlike(Outcome expected, Outcome actual) {
        assertEquals(expected.end(), actual.end());
        assertEquals(expected.data(), actual.data());
        if (expected.end() == End.DONE) {
            assertEquals(expected.length(), actual.length());
        }
    }

    private static Outcome decoded(byte[] bytes, IntUnaryOperator pieceAt) {
        var decoder = new ChunkedDecoder();
        var data = new StringBuilder();
        int at = 0;
        try {
            while (at < bytes.length && !decoder.done()) {
                int to = (int) Math.min(bytes.length, (long) at + pieceAt.applyAsInt(at));
                at = decoder.decode(bytes, at, to, sink(bytes, at, to, data));
            }
        } catch (HttpError refused) {
            assertEquals(400, refused.status());
            return new Outcome(End.REFUSED, data.toString(), 0);
        }
        return new Outcome(decoder.done() ? End.DONE : End.MORE, data.toString(), at);
    }

    /// What is handed on lies within the piece, in place.
    private static BodySink sink(byte[] bytes, int from, int to, StringBuilder data) {
        return (buffer, start, length) -> {
            assertSame(bytes, buffer);
            assertTrue(start >= from && length > 0 && start + length <= to);
            data.append(Heads.text(buffer, start, length));
        };
    }
}
