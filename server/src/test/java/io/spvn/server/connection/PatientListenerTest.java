package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PatientListenerTest {
    private final CountDownLatch failed = new CountDownLatch(1);
    private final AtomicInteger failures = new AtomicInteger();
    private ServerSocketChannel real;
    private PatientListener patient;

    @BeforeEach
    void listen() throws IOException {
        real = ServerSocketChannel.open();
        real.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        patient = new PatientListener(real, this::failing);
    }

    @AfterEach
    void close() throws IOException {
        patient.close();
        real.close();
    }

    @Test
    void accept_outlivesErrors() throws IOException {
        failures.set(3);
        try (SocketChannel client = SocketChannel.open(real.getLocalAddress());
                SocketChannel accepted = patient.accept()) {
            assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
            assertEquals(0, failures.get());
        }
    }

    @Test
    void accept_endsWithTheListener() throws Exception {
        failures.set(Integer.MAX_VALUE);
        Thread closer =
                Thread.startVirtualThread(
                        () -> {
                            try {
                                failed.await();
                                patient.close();
                            } catch (IOException | InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        assertThrows(ClosedChannelException.class, patient::accept);
        closer.join();
        assertFalse(real.isOpen());
    }

    @Test
    void close_endsAnAcceptThatWaits() throws Exception {
        Thread waiting = Thread.ofPlatform().start(this::acceptUntilClosed);
        patient.close();
        waiting.join();
        assertTrue(!real.isOpen());
    }

    private void acceptUntilClosed() {
        assertThrows(ClosedChannelException.class, patient::accept);
    }

    @Test
    void retreat_whoHasConnectedIsAccepted_andNobodyIsReset() throws Exception {
        try (SocketChannel first = SocketChannel.open(real.getLocalAddress());
                SocketChannel second = SocketChannel.open(real.getLocalAddress())) {
            patient.beginRetreat(false);
            for (SocketChannel client : List.of(first, second)) {
                try (SocketChannel accepted = patient.accept()) {
                    assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
                }
            }
            assertFalse(patient.awaitRetreat(Duration.ZERO));
            assertTrue(real.isOpen());
            Thread accepting = Thread.ofPlatform().start(this::acceptUntilClosed);
            assertTrue(patient.awaitRetreat(Duration.ofSeconds(10)));
            assertFalse(real.isOpen());
            assertTrue(accepting.isAlive());
            patient.close();
            accepting.join();
        }
    }

    @Test
    void retreat_endsAnAcceptThatWaitsForClients() throws Exception {
        Thread accepting = Thread.ofPlatform().start(this::acceptUntilClosed);
        patient.beginRetreat(false);
        assertTrue(patient.awaitRetreat(Duration.ofSeconds(10)));
        patient.close();
        accepting.join();
    }

    @Test
    void retreat_ofASharedSocket_leavesItsQueueToOthers() throws Exception {
        try (SocketChannel client = SocketChannel.open(real.getLocalAddress())) {
            patient.beginRetreat(true);
            Thread accepting = Thread.ofPlatform().start(this::acceptUntilClosed);
            assertTrue(patient.awaitRetreat(Duration.ofSeconds(10)));
            try (SocketChannel accepted = real.accept()) {
                assertEquals(client.getLocalAddress(), accepted.getRemoteAddress());
            }
            patient.close();
            accepting.join();
        }
    }

    /// Fails as the system does when descriptors are out.
    private @Nullable SocketChannel failing() throws IOException {
        if (failures.get() > 0) {
            failures.decrementAndGet();
            failed.countDown();
            throw new IOException("Too many open files");
        }
        return real.accept();
    }
}
