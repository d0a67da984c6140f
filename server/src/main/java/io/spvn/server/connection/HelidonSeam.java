package io.spvn.server.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.NioSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.SocketWriter;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.WebServer;
import java.lang.reflect.Field;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/// Everything for which private fields of Helidon's objects are read and written, because it has no
/// hook for it. None that is written is final. What they are is for one version of it, which a test
/// holds them to.
///
/// - Helidon binds and accepts in one step ([#start]), with the addresses' family, file and flags
///   as it likes. Ours are bound long before the app can serve, while the process still has the
///   rights for it, and outlive a shortage of descriptors ([PatientListener]).
/// - Helidon makes the socket of a connection itself ([#adopt]), with two buffers of 8 KiB for as
///   long as that lasts, and keeps its channel from everyone. A heap with thousands of idle ones
///   takes long to collect.
///
/// What is public would not do. Its listener takes no channel, and opens one with the JDK's
/// provider, which can be exchanged for the whole JVM only. Its connection context gives away
/// neither channel nor buffers, and there is nothing between its `accept` and its socket.
public final class HelidonSeam {
    private HelidonSeam() {}

    /// What [#start] is to accept on. To be made before there is an app, for it opens descriptors
    /// that cannot be kept from programs of the app one by one.
    public static ServerSocketChannel patient(ServerSocketChannel bound) {
        return new PatientListener(bound);
    }

    /// Begins to accept on sockets that are bound already; does what Helidon's own start would do,
    /// except for the sockets.
    ///
    /// @param web a server that was not started
    /// @param sockets of [#patient], by the names of its listeners
    public static WebServer start(WebServer web, Map<String, ServerSocketChannel> sockets) {
        Map<?, ?> listeners = (Map<?, ?>) read(web, "listeners");
        ((AtomicBoolean) read(web, "running")).set(true);
        sockets.forEach(
                (name, socket) -> accept(Objects.requireNonNull(listeners.get(name)), socket));
        return web;
    }

    private static void accept(Object listener, ServerSocketChannel socket) {
        write(listener, "serverSocket", socket);
        write(listener, "running", true);
        ((Thread) read(listener, "serverThread")).start();
    }

    /// Whether all of a server's listeners still accept connections, or wait until they can.
    public static boolean accepts(WebServer web) {
        Map<?, ?> listeners = (Map<?, ?>) read(web, "listeners");
        return listeners.values().stream()
                .allMatch(each -> ((Thread) read(each, "serverThread")).isAlive());
    }

    /// Accepts nobody any more, and waits until who had connected before is in the hands of a
    /// connection.
    ///
    /// @param shared names of the listeners whose sockets others accept from as well
    /// @param within for all of them; who is still in a queue then meets its end
    public static void retire(WebServer web, Set<String> shared, Duration within)
            throws InterruptedException {
        Map<?, ?> listeners = (Map<?, ?>) read(web, "listeners");
        Map<Object, PatientListener> sockets = new HashMap<>();
        listeners.forEach(
                (name, each) -> sockets.put(name, (PatientListener) read(each, "serverSocket")));
        sockets.forEach((name, socket) -> socket.beginRetreat(shared.contains(name)));
        long deadline = System.nanoTime() + within.toNanos();
        for (PatientListener socket : sockets.values()) {
            socket.awaitRetreat(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
        }
    }

    /// Makes our own socket of a connection that has just been accepted, in place of Helidon's,
    /// which nothing refers to any more. Helidon must not have read from it.
    ///
    /// @param kind makes it
    static Socket adopt(ConnectionContext context, Function<SocketChannel, Socket> kind) {
        HelidonSocket made = context.serverSocket();
        if (made.getClass() != NioSocket.class || context.dataReader().available() > 0) {
            throw new AssertionError("not a new socket without TLS: " + made.getClass());
        }
        Socket ours = kind.apply((SocketChannel) read(context, "socket"));
        Handle handle = new Handle(ours, made.socketId(), made.childSocketId());
        write(context, "helidonSocket", handle);
        write(context, "reader", DataReader.create(handle));
        write(context, "writer", SocketWriter.create(handle));
        return ours;
    }

    private static Object read(Object owner, String field) {
        try {
            return accessible(owner, field).get(owner);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Object owner, String field, Object value) {
        try {
            accessible(owner, field).set(owner, value);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static Field accessible(Object owner, String name) {
        try {
            Field field = owner.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field;
        } catch (NoSuchFieldException other) {
            throw new AssertionError("not the Helidon this was written for", other);
        }
    }

    /// What Helidon has of a connection: the names for its log, and the way to close it when our
    /// code has returned. It has nothing else to do with it.
    private record Handle(Socket socket, String socketId, String childSocketId)
            implements HelidonSocket {
        @Override
        public void close() {
            socket.close();
        }

        @Override
        public boolean isSecure() {
            return false;
        }

        @Override
        public void idle() {
            // nothing is read ahead
        }

        @Override
        public boolean isConnected() {
            throw notHelidons();
        }

        @Override
        public byte[] get() {
            throw notHelidons();
        }

        @Override
        @SuppressWarnings("removal") // has no other implementation
        public int read(BufferData buffer) {
            throw notHelidons();
        }

        @Override
        public void write(BufferData data) {
            throw notHelidons();
        }

        @Override
        public PeerInfo remotePeer() {
            throw notHelidons();
        }

        @Override
        public PeerInfo localPeer() {
            throw notHelidons();
        }

        private static IllegalStateException notHelidons() {
            return new IllegalStateException("a connection is not Helidon's to use");
        }
    }
}
