package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SideTrafficTest {
    private static final Duration AT_ONCE = Duration.ofMillis(1);

    @Test
    void sideRequest_answeredWith200_isAnswered() throws IOException {
        assertTrue(isAnswered("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    }

    @Test
    void sideRequest_refusedOrCutOff_isNotAnswered() throws IOException {
        assertFalse(isAnswered("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
        assertFalse(isAnswered("HTTP/1.1 2"));
    }

    private static boolean isAnswered(String response) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerOnce(listener, response));
            try (SideRequest side = new SideRequest(listener.getLocalPort(), "/block", AT_ONCE)) {
                return side.isAnswered();
            }
        }
    }

    private static void answerOnce(ServerSocket listener, String response) {
        try (Socket socket = listener.accept()) {
            socket.getInputStream().read(new byte[1024]);
            socket.getOutputStream().write(response.getBytes(US_ASCII));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// Each of three clients is heard again and again after its first bytes, and never ends a head.
    @Test
    void slowClients_sendAByteAfterTheOther() throws Exception {
        CountDownLatch heard = new CountDownLatch(3);
        try (ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> listen(listener, heard));
            try (SlowClients slow = new SlowClients(listener.getLocalPort(), 3)) {
                assertTrue(heard.await(10, TimeUnit.SECONDS), "clients that are heard");
                assertEquals(0, slow.closedByServer());
            }
        }
    }

    private static void listen(ServerSocket listener, CountDownLatch heard) {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> hear(socket, heard));
            }
        } catch (IOException _) {
            // The test is over.
        }
    }

    private static void hear(Socket socket, CountDownLatch heard) {
        try (socket) {
            String start = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ";
            String got = new String(socket.getInputStream().readNBytes(start.length()), US_ASCII);
            if (got.equals(start) && "xx".equals(text(socket.getInputStream().readNBytes(2)))) {
                heard.countDown();
            }
        } catch (IOException _) {
            // The client has gone before it was heard.
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, US_ASCII);
    }
}
