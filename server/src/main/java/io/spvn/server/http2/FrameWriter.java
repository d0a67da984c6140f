package io.spvn.server.http2;

import io.spvn.bridge.asgi.Payload;
import io.spvn.server.connection.WireBuffer;
import java.nio.charset.StandardCharsets;

/// Puts frames into a buffer (RFC 9113 6). Of one thread at a time.
final class FrameWriter {
    private final byte[] scratch = new byte[FrameReader.HEAD_BYTES + 8];
    private final WireBuffer out;

    FrameWriter(WireBuffer out) {
        this.out = out;
    }

    /// Bytes that wait in the buffer.
    int size() {
        return out.size();
    }

    /// Writes out what waits.
    void flush() {
        out.flush();
    }

    /// What the server has to say of itself: pairs of identifier and value.
    void settings(int... pairs) {
        head(pairs.length / 2 * 6, FrameType.SETTINGS, Flags.NONE, 0);
        for (int at = 0; at < pairs.length; at += 2) {
            scratch[0] = (byte) (pairs[at] >>> 8);
            scratch[1] = (byte) pairs[at];
            int32(2, pairs[at + 1]);
            out.put(scratch, 0, 6);
        }
    }

    void settingsAck() {
        head(0, FrameType.SETTINGS, Flags.ACK, 0);
    }

    void ping(long data, boolean ack) {
        head(8, FrameType.PING, ack ? Flags.ACK : Flags.NONE, 0);
        int32(0, (int) (data >>> 32));
        int32(4, (int) data);
        out.put(scratch, 0, 8);
    }

    void windowUpdate(int stream, int increment) {
        head(4, FrameType.WINDOW_UPDATE, Flags.NONE, stream);
        int32(0, increment);
        out.put(scratch, 0, 4);
    }

    void reset(int stream, ErrorCode code) {
        head(4, FrameType.RST_STREAM, Flags.NONE, stream);
        int32(0, code.number());
        out.put(scratch, 0, 4);
    }

    void goAway(int lastStream, ErrorCode code, String why) {
        byte[] text = why.getBytes(StandardCharsets.US_ASCII);
        head(8 + text.length, FrameType.GOAWAY, Flags.NONE, 0);
        int32(0, lastStream);
        int32(4, code.number());
        out.put(scratch, 0, 8);
        out.put(text);
    }

    /// A block of fields, in as many frames as it needs (RFC 9113 4.3).
    void headers(int stream, byte[] block, int length, int maxFrameSize, boolean endStream) {
        int first = Math.min(length, maxFrameSize);
        int flags =
                (endStream ? Flags.END_STREAM : Flags.NONE)
                        | (first == length ? Flags.END_HEADERS : Flags.NONE);
        head(first, FrameType.HEADERS, flags, stream);
        out.put(block, 0, first);
        for (int done = first; done < length; ) {
            int piece = Math.min(length - done, maxFrameSize);
            boolean last = done + piece == length;
            head(piece, FrameType.CONTINUATION, last ? Flags.END_HEADERS : Flags.NONE, stream);
            out.put(block, done, piece);
            done += piece;
        }
    }

    /// Some bytes of a payload, which is not released.
    void data(int stream, Payload payload, long from, int length, boolean endStream) {
        head(length, FrameType.DATA, endStream ? Flags.END_STREAM : Flags.NONE, stream);
        out.putCopy(payload, from, length);
    }

    /// The end of a stream, without any content.
    void end(int stream) {
        head(0, FrameType.DATA, Flags.END_STREAM, stream);
    }

    private void head(int length, int type, int flags, int stream) {
        scratch[0] = (byte) (length >>> 16);
        scratch[1] = (byte) (length >>> 8);
        scratch[2] = (byte) length;
        scratch[3] = (byte) type;
        scratch[4] = (byte) flags;
        int32(5, stream);
        out.put(scratch, 0, FrameReader.HEAD_BYTES);
    }

    private void int32(int at, int value) {
        scratch[at] = (byte) (value >>> 24);
        scratch[at + 1] = (byte) (value >>> 16);
        scratch[at + 2] = (byte) (value >>> 8);
        scratch[at + 3] = (byte) value;
    }
}
