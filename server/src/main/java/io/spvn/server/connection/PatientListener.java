package io.spvn.server.connection;

import io.spvn.server.process.Descriptors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A listening socket whose `accept` outlives a shortage of file descriptors, and that can be
/// retired before it is closed.
///
/// Helidon ends a listener, with all its connections, on the first error of `accept`, and has no
/// hook for it. An app that has used up the descriptors of the process would end the server that
/// way. Such an error is only waited out here: clients stay in the system's queue meanwhile.
///
/// A socket that is closed while clients are in its queue resets them, and Helidon closes the one
/// that has just been accepted. So a stop retires the socket first: who is there is still accepted,
/// and the socket is closed once nobody is, by the thread that has handed the last one over.
/// `accept` is run by the listener's own platform thread.
final class PatientListener extends ServerSocketChannel {
    private static final System.Logger LOG = System.getLogger(PatientListener.class.getName());

    /// Nothing tells that a descriptor has become free, so that is tried from time to time.
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ServerSocketChannel listening;
    private final Accept next;
    private final Selector readiness;
    private final CountDownLatch retired = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Retreat retreat = Retreat.NONE;
    private boolean isShort;

    /// Takes the next client from the system's queue.
    @FunctionalInterface
    interface Accept {
        /// The client, or null when there is none.
        @Nullable SocketChannel accept() throws IOException;
    }

    private enum Retreat {
        NONE,
        ONCE_EMPTY,
        NOW
    }

    PatientListener(ServerSocketChannel listening) {
        this(listening, listening::accept);
    }

    PatientListener(ServerSocketChannel listening, Accept next) {
        super(listening.provider());
        this.listening = listening;
        this.next = next;
        try {
            readiness = Selector.open();
            listening.configureBlocking(false);
            listening.register(readiness, SelectionKey.OP_ACCEPT);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public SocketChannel accept() throws IOException {
        while (true) {
            try {
                SocketChannel accepted = retreat == Retreat.NOW ? null : next.accept();
                if (accepted != null) {
                    Descriptors.closeOnExec(accepted);
                    recovered();
                    return accepted;
                }
                awaitClients();
            } catch (ClosedChannelException end) {
                throw end;
            } catch (IOException shortage) {
                waitOut(shortage);
            }
        }
    }

    private void awaitClients() throws IOException {
        if (retreat != Retreat.NONE) {
            retire();
        }
        try {
            readiness.select();
            readiness.selectedKeys().clear();
        } catch (ClosedSelectorException end) {
            throw new AsynchronousCloseException();
        }
    }

    /// To Helidon an `accept` that fails is the end of the server, so it lasts until Helidon
    /// closes.
    private void retire() throws IOException {
        if (retreat == Retreat.ONCE_EMPTY) {
            listening.close();
            readiness.close();
        }
        retired.countDown();
        try {
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        throw new AsynchronousCloseException();
    }

    /// Accepts nobody any more who has not come yet. Any thread, but for those that accept.
    ///
    /// @param shared whether others accept from the same socket, so that they are left its queue
    void beginRetreat(boolean shared) {
        retreat = shared ? Retreat.NOW : Retreat.ONCE_EMPTY;
        readiness.wakeup();
    }

    /// Waits until the last client has been accepted and handed over.
    ///
    /// @return whether that was in time: clients may come faster than they are accepted
    boolean awaitRetreat(Duration within) throws InterruptedException {
        return retired.await(within.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void waitOut(IOException shortage) throws AsynchronousCloseException {
        if (!isOpen()) {
            throw new AsynchronousCloseException();
        }
        if (!isShort) {
            isShort = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "connections cannot be accepted and have to wait: " + shortage.getMessage());
        }
        LockSupport.parkNanos(PAUSE.toNanos());
    }

    private void recovered() {
        if (isShort) {
            isShort = false;
            LOG.log(System.Logger.Level.INFO, "connections are accepted again");
        }
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        listening.close();
        readiness.close();
        closed.countDown();
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        throw new UnsupportedOperationException("it always waits");
    }

    @Override
    public ServerSocketChannel bind(SocketAddress local, int backlog) throws IOException {
        listening.bind(local, backlog);
        return this;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) throws IOException {
        listening.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return listening.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return listening.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        return listening.socket();
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        return listening.getLocalAddress();
    }
}
