package io.spvn.server.observe;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A client of an admin listener on this machine that sees every byte.
final class AdminClient implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 5_000;

    private final Socket socket = new Socket();

    AdminClient(int port) throws IOException {
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    }

    /// What is answered to these bytes until the connection ends.
    static String ask(int port, String bytes) {
        try (AdminClient client = new AdminClient(port)) {
            client.send(bytes);
            return client.readAll();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    static String get(int port, String path) {
        return ask(port, "GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }

    void send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// All bytes up to an orderly end.
    String readAll() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
