package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Ledger;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PlainSocketTest {
    private final Ledger ledger = new Ledger(1 << 20);
    private java.net.Socket client;
    private SocketChannel accepted;
    private PlainSocket socket;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            client = new java.net.Socket(address.getAddress(), address.getPort());
            accepted = listener.accept();
            socket = new PlainSocket(accepted, ledger);
        }
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        socket.close();
    }

    private void send(byte[] bytes) throws IOException {
        client.getOutputStream().write(bytes);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    void read_returnsPiecesInArraysOfTheirOwn() throws IOException {
        byte[] sent = random(PlainSocket.LEAST_READ);
        send(sent);
        byte[] full = socket.read();
        send(ascii("some"));
        byte[] some = socket.read();
        send(ascii("more"));
        assertArrayEquals(ascii("more"), socket.read());
        assertArrayEquals(ascii("some"), some);
        assertArrayEquals(sent, full);
    }

    @Test
    void read_returnsNull_atTheEnd() throws IOException {
        send(ascii("all"));
        client.shutdownOutput();
        assertArrayEquals(ascii("all"), socket.read());
        assertNull(socket.read());
    }

    @Test
    void read_readsAnUploadByTheMost_andHoldsLittleAfterIt() throws IOException {
        byte[] sent = random(1_000_000);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(sent));
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        int largest = 0;
        while (received.size() < sent.length) {
            byte[] piece = Objects.requireNonNull(socket.read());
            largest = Math.max(largest, piece.length);
            received.writeBytes(piece);
        }
        sending.join();
        assertArrayEquals(sent, received.toByteArray());
        assertEquals(PlainSocket.MOST_READ, largest);
        send(ascii("rest"));
        assertArrayEquals(ascii("rest"), socket.read());
        assertEquals(PlainSocket.LEAST_READ, socket.held());
    }

    private void sendAll(byte[] bytes) {
        try {
            send(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void write_passesOnAllOfIt() throws IOException {
        byte[] sent = random(3_000_000);
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(
                        () -> socket.write(ByteBuffer.wrap(sent, 1, sent.length - 1)));
        byte[] received = client.getInputStream().readNBytes(sent.length - 1);
        writing.join();
        assertArrayEquals(Arrays.copyOfRange(sent, 1, sent.length), received);
    }

    @Test
    void close_endsAReadThatWaits_andIsSeenByTheClient() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread reader =
                Thread.startVirtualThread(
                        () -> ended.complete(assertThrows(RuntimeException.class, socket::read)));
        awaitParked(reader);
        socket.close();
        assertInstanceOf(UncheckedIOException.class, ended.get());
        assertEquals(-1, client.getInputStream().read());
        assertFalse(accepted.isOpen());
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.yield();
        }
    }

    @Test
    void close_closes_alsoWhenTheClientHasReset() throws IOException {
        client.setSoLinger(true, 0);
        client.close();
        assertThrows(UncheckedIOException.class, socket::read);
        try {
            socket.close();
        } catch (UncheckedIOException broken) {
            // what a broken connection says at its end depends on the system
        }
        assertFalse(accepted.isOpen());
    }

    @Test
    void peers_areTheAddressesOfBothEnds() {
        Peers peers = socket.peers();
        assertEquals("http", peers.scheme());
        assertEquals(new Endpoint("127.0.0.1", client.getLocalPort()), peers.client());
        assertEquals(new Endpoint("127.0.0.1", client.getPort()), peers.server());
    }

    @Test
    void read_moreThanAConnectionCosts_isEnteredUntilGivenBack() throws IOException {
        send(random(3 * PlainSocket.MOST_READ));
        long weights = 0;
        for (int got = 0; got < 3 * PlainSocket.MOST_READ; ) {
            byte[] piece = Objects.requireNonNull(socket.read());
            got += piece.length;
            weights += Ledger.weight(piece.length);
        }
        assertTrue(weights > 0);
        ledger.giveBack(weights);
        socket.endInput();
        assertEquals(0, ledger.held());
    }

    @Test
    void read_ledgerFull_keepsTheLeastRoom() throws IOException {
        ledger.add(1 << 20);
        send(random(PlainSocket.MOST_READ));
        for (int got = 0; got < PlainSocket.MOST_READ; ) {
            got += Objects.requireNonNull(socket.read()).length;
            assertEquals(PlainSocket.LEAST_READ, socket.held());
        }
    }

    @Test
    void acknowledged_clientThatDoesNotRead_staysBehind() throws Exception {
        client.setReceiveBufferSize(4096);
        Thread writer =
                Thread.startVirtualThread(
                        () -> {
                            byte[] piece = new byte[1 << 20];
                            try {
                                socket.write(ByteBuffer.wrap(piece));
                            } catch (UncheckedIOException aborted) {
                                return;
                            }
                        });
        long taken = settled();
        assertTrue(taken < 1 << 20, taken + " bytes");
        assertEquals(1000, client.getInputStream().readNBytes(1000).length);
        assertEquals(1 << 18, client.getInputStream().readNBytes(1 << 18).length);
        assertTrue(settled() > taken);
        socket.abort();
        writer.join();
    }

    private long settled() throws InterruptedException {
        long before = -1;
        long now = socket.acknowledged();
        while (now != before || now == 0) {
            Thread.sleep(50); // until it does not change: what is looked for is a standstill
            before = now;
            now = socket.acknowledged();
        }
        return now;
    }

    @Test
    void endOutput_clientSeesTheEnd_andIsStillRead() throws IOException {
        socket.endOutput();
        assertEquals(-1, client.getInputStream().read());
        send(ascii("late"));
        assertArrayEquals(ascii("late"), socket.read());
    }

    @Test
    void abort_clientIsReset() throws IOException {
        socket.abort();
        assertThrows(IOException.class, () -> client.getInputStream().read());
        socket.endOutput(); // is over already
    }
}
