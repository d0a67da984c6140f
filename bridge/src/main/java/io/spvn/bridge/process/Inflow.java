package io.spvn.bridge.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// The connection from a child: batches and pieces, one after the other. One thread, which it
/// blocks.
final class Inflow {
    /// A batch is not larger, and neither is a piece of a body.
    static final int LARGEST = 16 * 1024 * 1024;

    private static final int ROOM = 128 * 1024;
    private static final int PIECE = 0x80000000;

    private final SocketChannel channel;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(ROOM).order(ByteOrder.LITTLE_ENDIAN);

    /// What comes: one batch, or a piece of the large body `number`.
    ///
    /// @param number -1 for a batch
    @SuppressWarnings("ArrayRecordComponent") // bytes on their way; never compared
    record Frame(int number, byte[] bytes) {}

    /// @param channel blocks
    Inflow(SocketChannel channel) {
        this.channel = channel;
        buffer.limit(0);
    }

    /// The next that comes, null at the end.
    ///
    /// @throws IOException when the connection breaks, or ends in the middle
    @Nullable Frame next() throws IOException, Garbled {
        if (!has(Integer.BYTES)) {
            require(buffer.remaining() == 0);
            return null;
        }
        int head = buffer.getInt();
        int length = head & ~PIECE;
        if (length > LARGEST) {
            throw new Garbled("a batch of " + length + " bytes");
        }
        if (head >= 0) {
            return new Frame(-1, content(length));
        }
        require(has(Integer.BYTES));
        int number = buffer.getInt();
        return new Frame(number & Integer.MAX_VALUE, content(length));
    }

    /// Whether the next is here already.
    boolean hasNext() {
        if (buffer.remaining() < Integer.BYTES) {
            return false;
        }
        int head = buffer.getInt(buffer.position());
        int length = (head & ~PIECE) + (head < 0 ? 2 : 1) * Integer.BYTES;
        return buffer.remaining() >= length;
    }

    private byte[] content(int length) throws IOException {
        byte[] bytes = new byte[length];
        int there = Math.min(length, buffer.remaining());
        buffer.get(bytes, 0, there);
        ByteBuffer rest = ByteBuffer.wrap(bytes, there, length - there);
        while (rest.remaining() > ROOM) {
            readInto(rest);
        }
        require(has(rest.remaining()));
        buffer.get(bytes, rest.position(), rest.remaining());
        return bytes;
    }

    private void readInto(ByteBuffer target) throws IOException {
        require(channel.read(target) >= 0);
    }

    private static void require(boolean whole) throws IOException {
        if (!whole) {
            throw new IOException("the connection ended in the middle");
        }
    }

    private boolean has(int count) throws IOException {
        while (buffer.remaining() < count) {
            buffer.compact();
            int read;
            try {
                read = channel.read(buffer);
            } finally {
                buffer.flip();
            }
            if (read < 0) {
                return false;
            }
        }
        return true;
    }
}
