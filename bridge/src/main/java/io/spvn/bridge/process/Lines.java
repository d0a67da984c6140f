package io.spvn.bridge.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Lines of UTF-8 that a process says on a connection. For one thread, which waits.
final class Lines {
    private final SocketChannel channel;
    private final ByteBuffer read;
    private final byte[] line;

    /// @param buffer octets that may be read ahead; one, where what follows is somebody else's
    /// @param longest octets that a line may have
    Lines(SocketChannel channel, int buffer, int longest) {
        this.channel = channel;
        this.read = ByteBuffer.allocate(buffer).limit(0);
        this.line = new byte[longest];
    }

    /// The next line, without its end; null at the end of the connection.
    ///
    /// @throws IOException also when a line is too long
    @Nullable String next() throws IOException {
        int length = 0;
        while (true) {
            if (!read.hasRemaining() && !fill()) {
                return null;
            }
            byte octet = read.get();
            if (octet == '\n') {
                return new String(line, 0, length, StandardCharsets.UTF_8);
            }
            if (length == line.length) {
                throw new IOException("a line of more than " + line.length + " octets");
            }
            line[length] = octet;
            length++;
        }
    }

    private boolean fill() throws IOException {
        int count = channel.read(read.clear());
        read.flip();
        return count >= 0;
    }
}
