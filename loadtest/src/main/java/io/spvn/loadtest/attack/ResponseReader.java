package io.spvn.loadtest.attack;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Finds the end of a response in the bytes of a connection (RFC 9112, sections 4, 5, 6 and 7), and
/// keeps of it what a load test needs. Bodies are counted by nobody and kept by nobody.
///
/// One for each connection, used by the event loop alone. After [#begin], [#read] is called with
/// what arrives until it says that the response has ended.
final class ResponseReader {
    private static final int MAX_LINE = 16 * 1024;
    private static final int MAX_LINES = 1_000;

    private enum Part {
        STATUS_LINE,
        FIELD_LINE,
        BODY_BY_LENGTH,
        BODY_TO_CLOSE,
        CHUNK_SIZE,
        CHUNK_DATA,
        CHUNK_END,
        TRAILER_LINE,
        ENDED
    }

    private final boolean head;
    private byte[] line = new byte[128];
    private int lineLength;
    private int lines;
    private Part part = Part.ENDED;
    private final ResponseHead fields = new ResponseHead();
    private long remaining;

    /// @param head whether the request is a HEAD, whose response has no body
    ResponseReader(boolean head) {
        this.head = head;
    }

    /// A new response is awaited.
    void begin() {
        part = Part.STATUS_LINE;
        lineLength = 0;
        lines = 0;
    }

    /// Takes what belongs to the response.
    ///
    /// @return whether it has ended; then `bytes` may have some left, which nobody asked for
    boolean read(ByteBuffer bytes) throws MalformedResponse {
        while (part != Part.ENDED && bytes.hasRemaining()) {
            step(bytes);
        }
        return part == Part.ENDED;
    }

    private void step(ByteBuffer bytes) throws MalformedResponse {
        switch (part) {
            case BODY_BY_LENGTH -> skip(bytes, Part.ENDED);
            case CHUNK_DATA -> skip(bytes, Part.CHUNK_END);
            case BODY_TO_CLOSE -> bytes.position(bytes.limit());
            case STATUS_LINE, FIELD_LINE, CHUNK_SIZE, CHUNK_END, TRAILER_LINE -> readLine(bytes);
            case ENDED -> throw new IllegalStateException("no response is awaited");
        }
    }

    private void skip(ByteBuffer bytes, Part next) {
        int count = (int) Math.min(remaining, bytes.remaining());
        bytes.position(bytes.position() + count);
        remaining -= count;
        if (remaining == 0) {
            part = next;
        }
    }

    private void readLine(ByteBuffer bytes) throws MalformedResponse {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                endLine();
                return;
            }
            append(next);
        }
    }

    private void append(byte next) throws MalformedResponse {
        if (lineLength == line.length) {
            if (lineLength == MAX_LINE) {
                throw new MalformedResponse("a line of more than " + MAX_LINE + " bytes");
            }
            line = Arrays.copyOf(line, 2 * lineLength);
        }
        line[lineLength++] = next;
    }

    private void endLine() throws MalformedResponse {
        int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
        lineLength = 0;
        if (part != Part.CHUNK_SIZE && part != Part.CHUNK_END && ++lines > MAX_LINES) {
            throw new MalformedResponse("more than " + MAX_LINES + " lines");
        }
        part = afterLine(length);
    }

    private Part afterLine(int length) throws MalformedResponse {
        return switch (part) {
            case STATUS_LINE -> {
                fields.begin(line, length);
                yield Part.FIELD_LINE;
            }
            case FIELD_LINE -> length == 0 ? afterHead() : field(length);
            case CHUNK_SIZE -> chunk(length);
            case CHUNK_END -> emptyLine(length);
            case TRAILER_LINE -> length == 0 ? Part.ENDED : Part.TRAILER_LINE;
            case BODY_BY_LENGTH, BODY_TO_CLOSE, CHUNK_DATA, ENDED ->
                    throw new IllegalStateException("no line here");
        };
    }

    private Part field(int length) throws MalformedResponse {
        fields.field(line, length);
        return Part.FIELD_LINE;
    }

    /// How the body ends (RFC 9112, 6.3).
    private Part afterHead() throws MalformedResponse {
        int status = fields.status();
        if (status == 101) {
            throw new MalformedResponse("switches to another protocol");
        }
        if (status < 200) {
            return Part.STATUS_LINE;
        }
        if (head || status == 204 || status == 304) {
            return Part.ENDED;
        }
        if (fields.chunked()) {
            return Part.CHUNK_SIZE;
        }
        if (fields.encoded() || fields.length() < 0) {
            return Part.BODY_TO_CLOSE;
        }
        remaining = fields.length();
        return remaining == 0 ? Part.ENDED : Part.BODY_BY_LENGTH;
    }

    private Part chunk(int length) throws MalformedResponse {
        remaining = ResponseHead.number(line, 0, ResponseHead.indexOf(line, length, ';'), 16);
        return remaining == 0 ? Part.TRAILER_LINE : Part.CHUNK_DATA;
    }

    private static Part emptyLine(int length) throws MalformedResponse {
        if (length > 0) {
            throw new MalformedResponse("a chunk is longer than it says");
        }
        return Part.CHUNK_SIZE;
    }

    /// The connection has ended.
    ///
    /// @return whether the response has ended with it, as one without a length does
    boolean endsWithConnection() {
        return part == Part.BODY_TO_CLOSE;
    }

    /// The status code. Call once the response has ended.
    int status() {
        return fields.status();
    }

    /// Whether the connection may be used again (RFC 9112, 9.3).
    boolean keepsConnection() {
        return fields.keepsConnection() && part != Part.BODY_TO_CLOSE;
    }
}
