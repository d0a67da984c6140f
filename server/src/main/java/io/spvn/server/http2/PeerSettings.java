package io.spvn.server.http2;

/// What the client has said of itself (RFC 9113 6.5.2). The reader's, but for what is volatile.
final class PeerSettings {
    static final int HEADER_TABLE_SIZE = 1;
    static final int ENABLE_PUSH = 2;
    static final int MAX_CONCURRENT_STREAMS = 3;
    static final int INITIAL_WINDOW_SIZE = 4;
    static final int MAX_FRAME_SIZE = 5;
    static final int MAX_HEADER_LIST_SIZE = 6;
    static final int ENABLE_CONNECT_PROTOCOL = 8;
    static final int NO_RFC7540_PRIORITIES = 9;

    private static final int BYTES = 6;
    private static final int LARGEST_FRAME = 0xFF_FFFF;

    /// Larger ones would only make streams wait for each other.
    private static final int LARGEST_USED = 64 * 1024;

    private int initialWindow = SendWindow.INITIAL;
    private int tableSize = Control.SettingsAck.UNSAID;
    private volatile int maxFrameSize = FrameReader.MAX_FRAME_SIZE;

    /// Reads the payload of a SETTINGS frame.
    ///
    /// @return by how much the window of every stream grows
    long read(byte[] buffer, int from, int to) throws Http2Error {
        int before = initialWindow;
        tableSize = Control.SettingsAck.UNSAID;
        for (int at = from; at < to; at += BYTES) {
            int id = ((buffer[at] & 0xFF) << 8) | (buffer[at + 1] & 0xFF);
            read(id, FrameReader.int32(buffer, at + 2) & 0xFFFF_FFFFL);
        }
        return (long) initialWindow - before;
    }

    private void read(int id, long value) throws Http2Error {
        switch (id) {
            case HEADER_TABLE_SIZE -> {
                int size = (int) Math.min(value, Integer.MAX_VALUE);
                boolean first = tableSize == Control.SettingsAck.UNSAID;
                tableSize = first ? size : Math.min(tableSize, size);
            }
            case ENABLE_PUSH -> require(value <= 1, ErrorCode.PROTOCOL_ERROR, "ENABLE_PUSH");
            case INITIAL_WINDOW_SIZE -> {
                require(
                        value <= SendWindow.MOST,
                        ErrorCode.FLOW_CONTROL_ERROR,
                        "INITIAL_WINDOW_SIZE");
                initialWindow = (int) value;
            }
            case MAX_FRAME_SIZE -> {
                require(
                        value >= FrameReader.MAX_FRAME_SIZE && value <= LARGEST_FRAME,
                        ErrorCode.PROTOCOL_ERROR,
                        "MAX_FRAME_SIZE");
                maxFrameSize = (int) Math.min(value, LARGEST_USED);
            }
            default -> {} // of no meaning here, or unknown (RFC 9113 6.5.2)
        }
    }

    private static void require(boolean legal, ErrorCode code, String what) throws Http2Error {
        if (!legal) {
            throw Http2Error.ofConnection(code, what + " is out of range");
        }
    }

    /// The window that a stream begins with.
    int initialWindow() {
        return initialWindow;
    }

    /// What the frame read last says of its decoder's table: the smallest of several sizes, since
    /// the table has to have been so small.
    int tableSize() {
        return tableSize;
    }

    /// Bytes of a frame's payload at most. Any thread.
    int maxFrameSize() {
        return maxFrameSize;
    }
}
