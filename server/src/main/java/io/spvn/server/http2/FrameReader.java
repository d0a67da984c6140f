package io.spvn.server.http2;

import io.spvn.server.connection.SocketInput;

/// Finds frames in the input of a connection, and checks what can be said of each by itself: its
/// size, and whether it is one of a stream (RFC 9113 4.1, 4.2, 6). The reader's thread.
///
/// A frame is there as a whole, but for DATA: of that the head is there, and its content is taken
/// as it comes ([#dataLeft]), so that a slow upload is no silent one.
final class FrameReader {
    /// SETTINGS_MAX_FRAME_SIZE: what every client may send.
    static final int MAX_FRAME_SIZE = 16 * 1024;

    static final int HEAD_BYTES = 9;

    private static final int STREAM_BITS = 0x7FFF_FFFF;

    private final SocketInput input;
    private int length;
    private int type;
    private int flags;
    private int stream;
    private int from; // of the payload, without the length of its padding
    private int padding;
    private int dataLeft; // of a DATA frame, padding included
    private boolean open;

    FrameReader(SocketInput input) {
        this.input = input;
    }

    /// Whether the head of a frame is here, and all of it unless it is DATA.
    boolean next() throws Http2Error {
        if (input.to() - input.from() < HEAD_BYTES) {
            return false;
        }
        readHead(input.buffer(), input.from());
        if (length > MAX_FRAME_SIZE) {
            throw Http2Error.ofConnection(ErrorCode.FRAME_SIZE_ERROR, "frame is too large");
        }
        int here = input.to() - input.from() - HEAD_BYTES;
        boolean padded = has(Flags.PADDED) && isPaddable();
        if (type == FrameType.DATA ? padded && here < Math.min(1, length) : here < length) {
            return false;
        }
        checkStream();
        checkLength();
        from = input.from() + HEAD_BYTES;
        padding = padded ? readPadding() : 0;
        open = true;
        if (type == FrameType.DATA) {
            dataLeft = length - (from - input.from() - HEAD_BYTES);
            input.consumedTo(from);
        }
        return true;
    }

    private void readHead(byte[] buffer, int at) {
        length =
                ((buffer[at] & 0xFF) << 16)
                        | ((buffer[at + 1] & 0xFF) << 8)
                        | (buffer[at + 2] & 0xFF);
        type = buffer[at + 3] & 0xFF;
        flags = buffer[at + 4] & 0xFF;
        stream = int32(buffer, at + 5) & STREAM_BITS;
    }

    private boolean isPaddable() {
        return type == FrameType.DATA || type == FrameType.HEADERS;
    }

    /// RFC 9113 6.1: padding that is as long as the payload or longer hides something.
    private int readPadding() throws Http2Error {
        if (length == 0) {
            throw Http2Error.ofConnection(ErrorCode.FRAME_SIZE_ERROR, "no room for padding");
        }
        int found = input.buffer()[from] & 0xFF;
        from++;
        if (found >= length) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "padding is too long");
        }
        return found;
    }

    private void checkStream() throws Http2Error {
        boolean ofConnection =
                switch (type) {
                    case FrameType.SETTINGS,
                            FrameType.PING,
                            FrameType.GOAWAY,
                            FrameType.PRIORITY_UPDATE ->
                            true;
                    default -> false;
                };
        boolean ofStream =
                switch (type) {
                    case FrameType.DATA,
                            FrameType.HEADERS,
                            FrameType.PRIORITY,
                            FrameType.RST_STREAM,
                            FrameType.CONTINUATION ->
                            true;
                    default -> false;
                };
        if ((ofConnection && stream != 0) || (ofStream && stream == 0)) {
            throw Http2Error.ofConnection(
                    ErrorCode.PROTOCOL_ERROR, "frame of the wrong stream: type " + type);
        }
    }

    private void checkLength() throws Http2Error {
        boolean wrong =
                switch (type) {
                    case FrameType.PRIORITY -> length != 5;
                    case FrameType.RST_STREAM, FrameType.WINDOW_UPDATE -> length != 4;
                    case FrameType.PING -> length != 8;
                    case FrameType.GOAWAY -> length < 8;
                    case FrameType.PRIORITY_UPDATE -> length < 4;
                    case FrameType.SETTINGS -> has(Flags.ACK) ? length != 0 : length % 6 != 0;
                    default -> false;
                };
        if (wrong && type == FrameType.PRIORITY) {
            input.consumedTo(input.from() + HEAD_BYTES + length);
            throw Http2Error.ofStream(stream, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY of wrong size");
        }
        if (wrong) {
            throw Http2Error.ofConnection(
                    ErrorCode.FRAME_SIZE_ERROR, "frame of the wrong size: type " + type);
        }
    }

    /// The frame has been understood; not for DATA.
    void done() {
        if (open) {
            open = false;
            if (type != FrameType.DATA) {
                input.consumedTo(input.from() + HEAD_BYTES + length);
            }
        }
    }

    /// Bytes of a DATA frame that are still to come, or to be taken; padding included.
    int dataLeft() {
        return dataLeft;
    }

    /// Bytes of its content that are here, without padding.
    int contentHere() {
        return Math.max(0, Math.min(input.to() - input.from(), dataLeft - padding));
    }

    /// So many bytes at the beginning of the input, content of a DATA frame, are done with.
    void took(int bytes) {
        dataLeft -= bytes;
        input.consumedTo(input.from() + bytes);
    }

    /// Padding of a DATA frame that is here, if its content has been taken, is passed over.
    void skipPadding() {
        if (dataLeft <= padding && dataLeft > 0) {
            took(Math.min(input.to() - input.from(), dataLeft));
        }
    }

    int length() {
        return length;
    }

    int type() {
        return type;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int stream() {
        return stream;
    }

    int padding() {
        return padding;
    }

    byte[] buffer() {
        return input.buffer();
    }

    /// Where the payload begins in the buffer, behind the length of its padding.
    int from() {
        return from;
    }

    /// Where it ends, without its padding.
    int to() {
        return input.from() + HEAD_BYTES + length - padding;
    }

    /// A number of 32 bits.
    static int int32(byte[] buffer, int at) {
        return ((buffer[at] & 0xFF) << 24)
                | ((buffer[at + 1] & 0xFF) << 16)
                | ((buffer[at + 2] & 0xFF) << 8)
                | (buffer[at + 3] & 0xFF);
    }
}
