package io.spvn.server.observe;

import io.spvn.server.process.Descriptors;
import io.spvn.server.process.ListeningSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.concurrent.locks.LockSupport;

/// A small HTTP/1 server for [AdminPages], on one platform thread of its own, so that it answers
/// whatever the app, its workers and the virtual threads of the front are busy with.
///
/// The thread never waits for a client. Each connection carries one request and is closed after
/// [#PATIENCE], and when [#MAX_CONNECTIONS] are open the oldest goes: clients that trickle bytes or
/// do not read cost a little memory and keep nobody out. The JDK's own HTTP server does not do
/// here, because it reads heads in the threads of its executor, where a few slow clients hold up
/// all others.
public final class AdminListener {
    private static final System.Logger LOG = System.getLogger(AdminListener.class.getName());

    static final int MAX_CONNECTIONS = 256;
    private static final int BACKLOG = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// How often deadlines are looked at, and how long nothing is accepted after that has failed.
    private static final Duration ROUND = Duration.ofMillis(250);

    private final Selector selector;
    private final ServerSocketChannel server;
    private final SelectionKey acceptKey;
    private final AdminPages pages;
    private final Duration patience;
    private final Thread thread;

    /// The oldest first; since all have the same patience, that is also the first to be late.
    private final LinkedHashSet<AdminConnection> connections = new LinkedHashSet<>();

    private long roundEnds = System.nanoTime() + ROUND.toNanos();
    private volatile boolean closed;

    private AdminListener(
            Selector selector, ServerSocketChannel server, AdminPages pages, Duration patience)
            throws IOException {
        this.selector = selector;
        this.server = server;
        this.pages = pages;
        this.patience = patience;
        server.configureBlocking(false);
        this.acceptKey = server.register(selector, SelectionKey.OP_ACCEPT);
        this.thread = Thread.ofPlatform().daemon().name("admin").unstarted(this::run);
    }

    /// Binds the address and begins to answer.
    ///
    /// @param dualStack whether an IPv6 address takes clients of IPv4 as well
    /// @throws IOException when it cannot be bound
    public static AdminListener open(InetSocketAddress address, boolean dualStack, AdminPages pages)
            throws IOException {
        return open(ListeningSockets.open(address, BACKLOG, dualStack), pages, PATIENCE);
    }

    /// Binds a Unix socket and begins to answer.
    ///
    /// @param permissions of its file
    /// @throws IOException when it cannot be bound
    public static AdminListener open(Path path, int permissions, AdminPages pages)
            throws IOException {
        return open(ListeningSockets.open(path, BACKLOG, permissions), pages, PATIENCE);
    }

    static AdminListener open(ServerSocketChannel server, AdminPages pages, Duration patience)
            throws IOException {
        try {
            AdminListener listener = new AdminListener(Selector.open(), server, pages, patience);
            listener.thread.start();
            return listener;
        } catch (IOException failure) {
            server.close();
            throw failure;
        }
    }

    /// The port, which the system has chosen when 0 was asked for. Not of a Unix socket.
    public int port() {
        return server.socket().getLocalPort();
    }

    /// Ends it at once. For any thread.
    public void close() throws InterruptedException {
        closed = true;
        selector.wakeup();
        thread.join();
    }

    private void run() {
        while (!closed) {
            try {
                selector.select(this::attend, ROUND.toMillis());
                endRound(System.nanoTime());
            } catch (IOException | RuntimeException | Error failure) {
                LOG.log(System.Logger.Level.ERROR, "admin: a step failed", failure);
                LockSupport.parkNanos(ROUND.toNanos());
            }
        }
        release();
    }

    private void attend(SelectionKey key) {
        if (key.attachment() instanceof AdminConnection connection) {
            proceed(connection);
        } else {
            accept();
        }
    }

    private void proceed(AdminConnection connection) {
        connection.proceed();
        if (connection.isClosed()) {
            connections.remove(connection);
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = server.accept();
                    channel != null;
                    channel = server.accept()) {
                admit(channel);
            }
        } catch (IOException noDescriptors) {
            acceptKey.interestOps(0); // until the round is over
            closeOldest();
        }
    }

    private SelectionKey registered(SocketChannel channel) throws IOException {
        try {
            Descriptors.closeOnExec(channel);
            channel.configureBlocking(false);
            return channel.register(selector, SelectionKey.OP_READ);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private void admit(SocketChannel channel) throws IOException {
        SelectionKey key = registered(channel);
        AdminConnection connection =
                new AdminConnection(channel, key, pages, System.nanoTime() + patience.toNanos());
        key.attach(connection);
        if (connections.size() >= MAX_CONNECTIONS) {
            closeOldest();
        }
        connections.add(connection);
    }

    private void closeOldest() {
        if (!connections.isEmpty()) {
            connections.removeFirst().close();
        }
    }

    private void endRound(long now) {
        if (now - roundEnds < 0) {
            return;
        }
        roundEnds = now + ROUND.toNanos();
        acceptKey.interestOps(SelectionKey.OP_ACCEPT);
        while (!connections.isEmpty() && connections.getFirst().late(now)) {
            closeOldest();
        }
    }

    private void release() {
        connections.forEach(AdminConnection::close);
        try (selector) {
            server.close();
        } catch (IOException released) {
            LOG.log(System.Logger.Level.DEBUG, "admin: closing", released);
        }
    }
}
