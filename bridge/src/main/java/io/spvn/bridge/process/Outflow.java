package io.spvn.bridge.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Arrays;

/// The connection to a child, which is written without waiting: what it does not take stays here,
/// and until that has gone nothing more is accepted. One thread at a time.
final class Outflow {
    private final SocketChannel channel;
    private ByteBuffer left = ByteBuffer.allocate(0);
    private boolean lost;

    /// @param channel does not block
    Outflow(SocketChannel channel) {
        this.channel = channel;
    }

    /// Nothing is written any more: the child reads its end.
    void end() {
        lost = true;
        try {
            channel.close();
        } catch (IOException gone) {
            return;
        }
    }

    /// Writes what has been left of before.
    ///
    /// @return whether there is nothing left
    boolean isClear() {
        if (left.hasRemaining()) {
            write(left);
        }
        return !left.hasRemaining();
    }

    /// Writes so many bytes of an array, which is not kept. Nothing may be left of before.
    ///
    /// @return whether nothing is left
    boolean write(byte[] bytes, int length) {
        ByteBuffer all = ByteBuffer.wrap(bytes, 0, length);
        write(all);
        if (all.hasRemaining()) {
            left = ByteBuffer.wrap(Arrays.copyOfRange(bytes, all.position(), length));
        }
        return !all.hasRemaining();
    }

    /// A child that has gone takes everything: that it has is heard from its other connection.
    private void write(ByteBuffer bytes) {
        try {
            if (!lost) {
                int _ = channel.write(bytes);
            }
        } catch (IOException gone) {
            lost = true;
        }
        if (lost) {
            bytes.position(bytes.limit());
        }
    }
}
