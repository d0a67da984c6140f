package io.spvn.server.http1;

import io.spvn.server.http.Ascii;
import io.spvn.server.http.BodySink;
import io.spvn.server.http1.ChunkGrammar.State;

/// Takes the chunked coding off a request body (RFC 9112 7.1). Strict, incremental, and without a
/// buffer: the data of a chunk is handed on as it comes. Extensions and trailers are checked and
/// dropped. What is refused is a row of [BodyRules]. The reader's thread only; after an [HttpError]
/// neither it nor the connection is of use.
final class ChunkedDecoder implements BodyDecoder {
    private static final int MAX_SIZE_DIGITS = 16;
    private static final int MAX_EXTENSION = 4 * 1024;
    private static final int FREE_EXTENSIONS = 16 * 1024;
    private static final int MAX_TRAILER_BYTES = 8 * 1024;
    private static final int MAX_TRAILER_FIELDS = 64;

    private State state = State.SIZE_START;

    /// The size of the chunk at hand, then what is left of it.
    private long left;

    private int digits;

    /// Bytes of extensions: of this chunk, and of all chunks. They may not outweigh the data.
    private int extension;

    private long extensions;
    private long dataBytes;
    private int trailerBytes;
    private int trailerFields;

    @Override
    public int decode(byte[] buffer, int from, int to, BodySink sink) {
        int at = from;
        while (at < to && state != State.END) {
            if (state == State.DATA) {
                at = data(buffer, at, to, sink);
            } else {
                step(buffer[at++]);
            }
        }
        return at;
    }

    @Override
    public boolean done() {
        return state == State.END;
    }

    private int data(byte[] buffer, int from, int to, BodySink sink) {
        int length = (int) Math.min(left, to - from);
        left -= length;
        dataBytes += length;
        if (left == 0) {
            state = State.DATA_CR;
        }
        sink.data(buffer, from, length);
        return from + length;
    }

    private void step(byte octet) {
        State next = ChunkGrammar.next(state, octet);
        if (next == null) {
            throw state.broken().error();
        }
        switch (next.part()) {
            case SIZE -> size(next, octet);
            case EXTENSION -> extension();
            case TRAILER -> trailer(next);
            case DATA -> {}
        }
        state = next == State.DATA ? afterSize() : next;
    }

    private void size(State next, byte octet) {
        if (next == State.SIZE) {
            if (++digits > MAX_SIZE_DIGITS || left > Long.MAX_VALUE >> 4) {
                throw BodyRules.SIZE_TOO_LARGE.error();
            }
            left = left << 4 | Ascii.hexValue(octet);
        }
    }

    private void extension() {
        extensions++;
        if (++extension > MAX_EXTENSION || extensions > FREE_EXTENSIONS + dataBytes) {
            throw BodyRules.EXTENSIONS_TOO_LONG.error();
        }
    }

    private void trailer(State next) {
        if (++trailerBytes > MAX_TRAILER_BYTES) {
            throw BodyRules.TRAILERS_TOO_LONG.error();
        }
        if (state == State.TRAILER_START && next == State.TRAILER_NAME) {
            if (++trailerFields > MAX_TRAILER_FIELDS) {
                throw BodyRules.TOO_MANY_TRAILERS.error();
            }
        }
    }

    /// The last chunk is the one of size zero; trailers follow it in place of data.
    private State afterSize() {
        digits = 0;
        extension = 0;
        return left == 0 ? State.TRAILER_START : State.DATA;
    }
}
