package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PatientListenerTest {
    private final CountDownLatch failed = new CountDownLatch(1);
    private final AtomicInteger failures = new AtomicInteger();
    private ServerSocketChannel real;
    private ServerSocketChannel patient;

    @BeforeEach
    void listen() throws IOException {
        real = ServerSocketChannel.open();
        real.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        patient = new PatientListener(new Failing());
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

    /// Fails as the system does when descriptors are out.
    private final class Failing extends ServerSocketChannel {
        Failing() {
            super(real.provider());
        }

        @Override
        public SocketChannel accept() throws IOException {
            if (failures.get() > 0) {
                failures.decrementAndGet();
                failed.countDown();
                throw new IOException("Too many open files");
            }
            return real.accept();
        }

        @Override
        public ServerSocketChannel bind(SocketAddress local, int backlog) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T getOption(SocketOption<T> name) throws IOException {
            return real.getOption(name);
        }

        @Override
        public Set<SocketOption<?>> supportedOptions() {
            return real.supportedOptions();
        }

        @Override
        public ServerSocket socket() {
            return real.socket();
        }

        @Override
        public SocketAddress getLocalAddress() throws IOException {
            return real.getLocalAddress();
        }

        @Override
        protected void implCloseSelectableChannel() throws IOException {
            real.close();
        }

        @Override
        protected void implConfigureBlocking(boolean block) {
            throw new UnsupportedOperationException();
        }
    }
}
