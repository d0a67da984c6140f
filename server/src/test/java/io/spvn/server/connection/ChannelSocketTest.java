package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.NioSocket;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ChannelSocketTest {
    private Socket client;
    private ChannelSocket socket;

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            client = new Socket(address.getAddress(), address.getPort());
            socket = new ChannelSocket(listener.accept(), "listener", "connection");
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
    void get_returnsPiecesInArraysOfTheirOwn() throws IOException {
        byte[] sent = random(ChannelSocket.LEAST_READ);
        send(sent);
        byte[] full = socket.get();
        send(ascii("some"));
        byte[] some = socket.get();
        send(ascii("more"));
        assertArrayEquals(ascii("more"), socket.get());
        assertArrayEquals(ascii("some"), some);
        assertArrayEquals(sent, full);
    }

    @Test
    void get_returnsNull_atTheEnd() throws IOException {
        send(ascii("all"));
        client.shutdownOutput();
        assertArrayEquals(ascii("all"), socket.get());
        assertNull(socket.get());
    }

    @Test
    void get_readsAnUploadByTheMost_andHoldsLittleAfterIt() throws IOException {
        byte[] sent = random(1_000_000);
        CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendAll(sent));
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        int largest = 0;
        while (received.size() < sent.length) {
            byte[] piece = Objects.requireNonNull(socket.get());
            largest = Math.max(largest, piece.length);
            received.writeBytes(piece);
        }
        sending.join();
        assertArrayEquals(sent, received.toByteArray());
        assertEquals(ChannelSocket.MOST_READ, largest);
        send(ascii("rest"));
        assertArrayEquals(ascii("rest"), socket.get());
        assertEquals(ChannelSocket.LEAST_READ, socket.held());
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
                        () -> socket.write(BufferData.create(sent, 1, sent.length - 1)));
        byte[] received = client.getInputStream().readNBytes(sent.length - 1);
        writing.join();
        assertArrayEquals(Arrays.copyOfRange(sent, 1, sent.length), received);
    }

    @Test
    void close_endsAReadThatWaits_andIsSeenByTheClient() throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread reader =
                Thread.startVirtualThread(
                        () -> ended.complete(assertThrows(RuntimeException.class, socket::get)));
        awaitParked(reader);
        socket.close();
        assertInstanceOf(UncheckedIOException.class, ended.get());
        assertEquals(-1, client.getInputStream().read());
        assertFalse(socket.isConnected());
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
        assertThrows(UncheckedIOException.class, socket::get);
        try {
            socket.close();
        } catch (UncheckedIOException lost) {
            // what a lost connection says at its end depends on the system
        }
        assertFalse(socket.isConnected());
    }

    @Test
    void peers_areTheAddressesOfBothEnds() {
        assertEquals(client.getLocalSocketAddress(), socket.remotePeer().address());
        assertEquals(client.getPort(), socket.localPeer().port());
    }

    /// What it reaches into is private to Helidon, so this is what a new version has to pass.
    @Test
    void of_takesThePlaceOfHelidonsSocket() throws IOException {
        AtomicReference<HelidonSocket> made = new AtomicReference<>();
        AtomicReference<HelidonSocket> taken = new AtomicReference<>();
        Selector selector = new Selector(context -> replace(context, made, taken));
        WebServer web =
                WebServer.builder()
                        .bindAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .shutdownHook(false)
                        .addConnectionSelector(selector)
                        .protocolsDiscoverServices(false)
                        .build()
                        .start();
        try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
            connection.getOutputStream().write(ascii("echo"));
            assertArrayEquals(ascii("echo"), connection.getInputStream().readAllBytes());
        } finally {
            web.stop();
        }
        assertInstanceOf(NioSocket.class, made.get());
        assertInstanceOf(ChannelSocket.class, taken.get());
    }

    private static void replace(
            ConnectionContext context,
            AtomicReference<HelidonSocket> made,
            AtomicReference<HelidonSocket> taken) {
        made.set(context.serverSocket());
        HelidonSocket socket = ChannelSocket.of(context);
        taken.set(context.serverSocket());
        assertSame(socket, context.serverSocket());
        BufferData data = BufferData.create(socket.get());
        context.dataWriter().writeNow(data);
    }

    private interface Conversation {
        void with(ConnectionContext context);
    }

    /// Holds one conversation with each client.
    private record Selector(Conversation conversation) implements ServerConnectionSelector {
        @Override
        public int bytesToIdentifyConnection() {
            return 0;
        }

        @Override
        public Support supports(BufferData data) {
            return Support.SUPPORTED;
        }

        @Override
        public Set<String> supportedApplicationProtocols() {
            return Set.of();
        }

        @Override
        public ServerConnection connection(ConnectionContext context) {
            return new ServerConnection() {
                @Override
                public void handle(Limit limit) {
                    conversation.with(context);
                }

                @Override
                public Duration idleTime() {
                    return Duration.ZERO;
                }

                @Override
                public void close(boolean interrupt) {
                    // ends by itself
                }
            };
        }
    }
}
