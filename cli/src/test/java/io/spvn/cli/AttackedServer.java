package io.spvn.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.stream.Stream;

/// Accepts the probe of an attack that never comes.
///
/// @param path and query that are attacked
record AttackedServer(ServerSocket socket, String path) implements AutoCloseable {
    static AttackedServer at(String path) {
        try {
            return new AttackedServer(
                    new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + path;
    }

    /// The command line of an attack.
    String[] args(String... options) {
        return Stream.concat(Stream.of("loadtest", "attack", url()), Stream.of(options))
                .toArray(String[]::new);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
