package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

/// A single request that is sent when its time in the course of a scenario has come, on a
/// connection and a thread of its own.
final class SideRequest implements AutoCloseable {
    private static final Duration MOST = Duration.ofSeconds(10);

    private static final int STATUS_LINE = "HTTP/1.1 200 ".length();

    private final Thread thread;
    private volatile boolean answered;

    SideRequest(int port, String path, Duration delay) {
        thread = Thread.ofVirtual().name("side-request").start(() -> run(port, path, delay));
    }

    private void run(int port, String path, Duration delay) {
        try {
            Thread.sleep(delay);
            answered = isSuccess(send(port, path));
        } catch (InterruptedException | IOException _) {
            // It stays without an answer.
        }
    }

    private static boolean isSuccess(byte[] answer) {
        return new String(answer, US_ASCII).startsWith("HTTP/1.1 200 ");
    }

    private static byte[] send(int port, String path) throws IOException {
        String head = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) MOST.toMillis());
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            InputStream answer = socket.getInputStream();
            return answer.readNBytes(STATUS_LINE);
        }
    }

    /// Waits for the end of it, and says whether it went well.
    boolean isAnswered() {
        try {
            boolean _ = thread.join(MOST);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return answered;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
