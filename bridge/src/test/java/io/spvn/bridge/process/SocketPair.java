package io.spvn.bridge.process;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/// Two ends of a connection like those of a child.
record SocketPair(SocketChannel server, SocketChannel child) implements AutoCloseable {
    static SocketPair open() throws IOException {
        Path directory = Files.createTempDirectory("spvn");
        Path path = directory.resolve("s");
        try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(path);
            listener.bind(address);
            SocketChannel child = SocketChannel.open(address);
            return new SocketPair(listener.accept(), child);
        } finally {
            Files.deleteIfExists(path);
            Files.delete(directory);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        child.close();
    }
}
