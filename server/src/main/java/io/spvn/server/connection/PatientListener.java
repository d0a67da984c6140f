package io.spvn.server.connection;

import io.spvn.server.process.Descriptors;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/// A listening socket whose `accept` outlives a shortage of file descriptors.
///
/// Helidon ends a listener, with all its connections, on the first error of `accept`, and has no
/// hook for it. An app that has used up the descriptors of the process would end the server that
/// way. Such an error is only waited out here: clients stay in the system's queue meanwhile. Run by
/// the listener's own platform thread.
final class PatientListener extends ServerSocketChannel {
    private static final System.Logger LOG = System.getLogger(PatientListener.class.getName());

    /// Nothing tells that a descriptor has become free, so that is tried from time to time.
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ServerSocketChannel listening;
    private boolean isShort;

    PatientListener(ServerSocketChannel listening) {
        super(listening.provider());
        this.listening = listening;
    }

    @Override
    public SocketChannel accept() throws IOException {
        while (true) {
            try {
                SocketChannel accepted = listening.accept();
                Descriptors.closeOnExec(accepted);
                recovered();
                return accepted;
            } catch (ClosedChannelException closed) {
                throw closed;
            } catch (IOException shortage) {
                waitOut(shortage);
            }
        }
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
    }

    @Override
    protected void implConfigureBlocking(boolean block) throws IOException {
        listening.configureBlocking(block);
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
