package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What may be written by who must not wait for a client.
@Timeout(20)
class SocketOutputRoomTest {
    private static final int SURE = 16 * 1024;

    private final HandClock time = new HandClock();
    private final FakeSocket fake = new FakeSocket();
    private final SocketOutput output = output(fake);

    private SocketOutput output(Socket socket) {
        return new SocketOutput(socket, time.registry, Duration.ofSeconds(8));
    }

    @Test
    void whatFitsIntoAnEmptyBuffer_isTakenAtOnce() {
        assertTrue(output.takesAtOnce(0));
        assertTrue(output.takesAtOnce(SURE));
        assertFalse(output.takesAtOnce(SURE + 1));
        assertFalse(output.takesAtOnce(Long.MAX_VALUE));
    }

    @Test
    void whatWasWritten_countsUntilTheClientHasTakenIt() {
        output.write(new byte[SURE], SURE - 100);
        fake.unacknowledged = SURE - 100;
        assertTrue(output.takesAtOnce(100));
        assertFalse(output.takesAtOnce(101));
        fake.unacknowledged = 50;
        assertTrue(output.takesAtOnce(SURE - 50));
        assertFalse(output.takesAtOnce(SURE - 49));
    }

    @Test
    void whileLittleWasWritten_theSystemIsNotAsked() {
        fake.unacknowledged = Integer.MAX_VALUE;
        output.write(new byte[100], 100);
        assertTrue(output.takesAtOnce(SURE - 100));
        assertFalse(output.takesAtOnce(SURE - 99));
    }

    @Test
    void aSystemThatDoesNotKnow_isTakenToHaveNoRoom() {
        fake.unacknowledged = Integer.MAX_VALUE;
        output.write(new byte[SURE], SURE);
        for (int i = 0; i < 3; i++) {
            assertFalse(output.takesAtOnce(1));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 5_000, SURE})
    void aClientThatDoesNotRead_neverHoldsUpWhoAsked(int size) throws IOException {
        try (ServerSocketChannel listener = ServerSocketChannel.open()) {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress address = (InetSocketAddress) listener.getLocalAddress();
            try (java.net.Socket client = new java.net.Socket()) {
                client.setReceiveBufferSize(4096);
                client.connect(address);
                PlainSocket socket = new PlainSocket(listener.accept(), time.ledger);
                SocketOutput real = output(socket);
                byte[] bytes = new byte[size];
                long written = 0;
                for (int i = 0; i < 40_000 && real.takesAtOnce(size); i++) {
                    real.write(bytes, size);
                    written += size;
                }
                assertTrue(written >= size);
                assertEquals(written, client.getInputStream().readNBytes((int) written).length);
                socket.abort();
            }
        }
    }
}
