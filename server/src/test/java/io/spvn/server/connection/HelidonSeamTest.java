package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.helidon.common.Version;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.spvn.bridge.exchange.Ledger;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a new version of Helidon has to pass. Before the version is changed here its sources are to
/// be read: what `start` of a listener does, and what becomes of a connection's socket.
@Timeout(20)
class HelidonSeamTest {
    private static final byte[] WORD = "echo".getBytes(StandardCharsets.US_ASCII);

    @Test
    void helidon_isTheOneWhoseSourcesWereRead() {
        assertEquals("4.5.0", Version.VERSION);
    }

    @ParameterizedTest
    @CsvSource({
        "io.helidon.webserver.LoomServer, listeners, java.util.Map",
        "io.helidon.webserver.LoomServer, running, java.util.concurrent.atomic.AtomicBoolean",
        "io.helidon.webserver.ServerListener, serverThread, java.lang.Thread",
        "io.helidon.webserver.ConnectionHandler, socket, java.nio.channels.SocketChannel"
    })
    void fieldsThatAreRead_areThere(String owner, String name, String type) throws Exception {
        assertEquals(type, field(owner, name).getType().getName());
    }

    @ParameterizedTest
    @CsvSource({
        "io.helidon.webserver.ServerListener, serverSocket, java.nio.channels.ServerSocketChannel",
        "io.helidon.webserver.ServerListener, running, boolean",
        "io.helidon.webserver.ConnectionHandler, helidonSocket,"
                + " io.helidon.common.socket.HelidonSocket",
        "io.helidon.webserver.ConnectionHandler, reader, io.helidon.common.buffers.DataReader",
        "io.helidon.webserver.ConnectionHandler, writer, io.helidon.common.socket.SocketWriter"
    })
    void fieldsThatAreWritten_areThere_andNotFinal(String owner, String name, String type)
            throws Exception {
        Field field = field(owner, name);
        assertEquals(type, field.getType().getName());
        assertFalse(Modifier.isFinal(field.getModifiers()), name + " is final");
    }

    private static Field field(String owner, String name) throws ReflectiveOperationException {
        return Class.forName(owner).getDeclaredField(name);
    }

    /// Accepts on a socket that was bound before, talks on a socket of ours, and closes that when
    /// it has ended.
    @Test
    void connection_isServedOnOurSockets_fromAcceptToClose() throws IOException {
        WebServer web =
                WebServer.builder()
                        .shutdownHook(false)
                        .addConnectionSelector(new Echoes())
                        .protocolsDiscoverServices(false)
                        .build();
        ServerSocketChannel bound = ServerSocketChannel.open();
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        HelidonSeam.start(web, Map.of(WebServer.DEFAULT_SOCKET_NAME, bound));
        try (java.net.Socket client =
                new java.net.Socket(
                        InetAddress.getLoopbackAddress(), bound.socket().getLocalPort())) {
            client.getOutputStream().write(WORD);
            assertArrayEquals(WORD, client.getInputStream().readAllBytes());
        } finally {
            web.stop();
        }
        assertFalse(bound.isOpen());
    }

    /// Sends back the first piece of what it is sent.
    private static final class Echoes implements ServerConnectionSelector {
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
            Ledger ledger = new Ledger(1 << 20);
            return new Echo(
                    HelidonSeam.adopt(context, channel -> new PlainSocket(channel, ledger)));
        }
    }

    private record Echo(Socket socket) implements ServerConnection {
        @Override
        public void handle(Limit limit) {
            byte[] piece = Objects.requireNonNull(socket.read());
            socket.write(ByteBuffer.wrap(piece));
        }

        @Override
        public Duration idleTime() {
            return Duration.ZERO;
        }

        @Override
        public void close(boolean interrupt) {
            // ends by itself
        }
    }
}
