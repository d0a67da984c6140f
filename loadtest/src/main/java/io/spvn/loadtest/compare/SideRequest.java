package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/// A single request that is sent after a while, on a connection and a thread of its own.
final class SideRequest implements Beside {
    private static final Duration MOST = Duration.ofSeconds(10);

    private static final int ENOUGH = 4096;

    private final Thread thread;

    SideRequest(int port, String path, Duration delay) {
        thread = Thread.ofVirtual().name("side-request").start(() -> run(port, path, delay));
    }

    private static void run(int port, String path, Duration delay) {
        try {
            Thread.sleep(delay);
            send(port, path);
        } catch (InterruptedException | IOException _) {
            // The run is over, or the server is gone, which the load notices as well.
        }
    }

    private static void send(int port, String path) throws IOException {
        String head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) MOST.toMillis());
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            InputStream answer = socket.getInputStream();
            answer.read(new byte[ENOUGH]);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
