package io.spvn.bridge.process;

import io.spvn.bridge.worker.VitalSigns;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Asks a child for the stack of its thread while that is blocked, and waits for answers on a
/// virtual thread that ends with the connection.
final class SideTalk {
    private static final int LONGEST = 1 << 20;

    private final SocketChannel channel;
    private final VitalSigns signs;

    private SideTalk(SocketChannel channel, VitalSigns signs) {
        this.channel = channel;
        this.signs = signs;
    }

    /// @param channel null when nobody wants to know
    static void begin(@Nullable SocketChannel channel, VitalSigns signs) {
        if (channel != null) {
            SideTalk talk = new SideTalk(channel, signs);
            signs.watchedBy(talk::ask);
            Thread.ofVirtual().name("worker-stacks").start(talk::listen);
        }
    }

    /// One byte does not wait: the child reads each.
    private void ask() {
        try {
            int _ = channel.write(ByteBuffer.wrap(new byte[] {1}));
        } catch (IOException gone) {
            return; // its end is heard elsewhere
        }
    }

    private void listen() {
        try {
            while (true) {
                ByteBuffer head = read(Integer.BYTES + Long.BYTES);
                int length = head.getInt();
                long request = head.getLong();
                if (length < 0 || length > LONGEST) {
                    return;
                }
                String stack = StandardCharsets.UTF_8.decode(read(length)).toString();
                signs.stackTaken(stack, request);
            }
        } catch (IOException over) {
            return;
        }
    }

    private ByteBuffer read(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes) < 0) {
                throw new IOException("ended");
            }
        }
        return bytes.flip();
    }
}
