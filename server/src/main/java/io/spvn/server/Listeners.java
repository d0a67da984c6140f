package io.spvn.server;

import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.spvn.server.ServerConfig.Network;
import io.spvn.server.connection.HelidonSeam;
import io.spvn.server.process.Privileges;
import io.spvn.server.process.StartFailure;
import io.spvn.server.tls.TlsSettings;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The sockets that the server listens on. They are bound before anything else happens, with the
/// rights that this needs; Helidon's listeners, with our connections in them, accept from them once
/// the app serves.
final class Listeners implements AutoCloseable {
    /// Connections above the limit that may be open at the same time to be told so; more wait to be
    /// accepted.
    private static final int OVERFLOW = 256;

    /// For the queue to become empty at a stop.
    private static final Duration RETREAT = Duration.ofMillis(500);

    private final Network network;
    private final @Nullable TlsSettings tls;
    private final int permissions;
    private volatile List<ListeningSocket> sockets = List.of(); // none until bound
    private volatile boolean closing;
    private volatile @Nullable WebServer web; // null until connections are accepted

    /// Sockets that are still to be bound.
    static Listeners of(ServerConfig config) {
        Network network = config.network();
        return new Listeners(
                network, config.tls(), network.socketPermissions(config.process().umask()));
    }

    /// @param permissions of the files of Unix sockets
    private Listeners(Network network, @Nullable TlsSettings tls, int permissions) {
        this.network = network;
        this.tls = tls;
        this.permissions = permissions;
    }

    /// Binds all addresses.
    ///
    /// @param privileges of those who will serve
    /// @throws StartFailure when one of them cannot be bound; then none is
    void bind(Privileges privileges) {
        List<ListeningSocket> bound = new ArrayList<>();
        try {
            for (Bind bind : network.binds()) {
                bound.add(ListeningSocket.bind(bind, network, permissions, privileges));
            }
            for (Bind.Tcp bind : redirects()) {
                bound.add(ListeningSocket.bindRedirect(bind, network));
            }
        } catch (StartFailure failure) {
            bound.forEach(ListeningSocket::close);
            throw failure;
        }
        sockets = List.copyOf(bound);
    }

    /// The same hosts, with a port of which clients are sent away.
    private List<Bind.Tcp> redirects() {
        Integer port = tls == null ? null : tls.redirectPort();
        if (port == null) {
            return List.of();
        }
        return network.binds().stream()
                .filter(Bind.Tcp.class::isInstance)
                .map(bind -> new Bind.Tcp(((Bind.Tcp) bind).host(), port))
                .distinct()
                .toList();
    }

    /// The port to which clients are sent.
    int redirectTarget() {
        return sockets.stream()
                .filter(socket -> !socket.redirects())
                .mapToInt(ListeningSocket::port)
                .filter(port -> port > 0)
                .findFirst()
                .orElseThrow();
    }

    /// Has Helidon's server made, which takes a while, by a thread of its own. All is bound.
    ///
    /// @param selector of those who are served
    /// @param redirect of those who are sent to the others
    /// @param toStop how long a stop waits for them
    Future<WebServer> prepare(
            ServerConnectionSelector selector,
            ServerConnectionSelector redirect,
            int maxConnections,
            Duration toStop) {
        var task = new FutureTask<>(() -> make(selector, redirect, maxConnections, toStop));
        Thread.ofPlatform().daemon().name("listeners").start(task);
        return task;
    }

    private WebServer make(
            ServerConnectionSelector selector,
            ServerConnectionSelector redirect,
            int maxConnections,
            Duration toStop) {
        WebServerConfig.Builder builder = WebServer.builder();
        builder.shutdownHook(false).featuresDiscoverServices(false);
        List<ListeningSocket> all = sockets;
        for (int index = 0; index < all.size(); index++) {
            ServerConnectionSelector own = all.get(index).redirects() ? redirect : selector;
            if (index == 0) {
                configure(builder, own, maxConnections, toStop);
            } else {
                ListenerConfig.Builder listener = ListenerConfig.builder();
                configure(listener, own, maxConnections, toStop);
                builder.putSocket(name(index), listener.build());
            }
        }
        return builder.build();
    }

    /// Begins to accept connections, with what was prepared.
    void accept(Future<WebServer> prepared) throws InterruptedException {
        Map<String, ServerSocketChannel> channels = new LinkedHashMap<>();
        for (ListeningSocket socket : sockets) {
            channels.put(name(channels.size()), socket.channel());
        }
        try {
            web = HelidonSeam.start(prepared.get(), channels);
        } catch (ExecutionException failure) {
            throw new IllegalStateException(failure.getCause());
        }
    }

    /// Of Helidon's listener of a socket.
    private static String name(int index) {
        return index == 0 ? WebServer.DEFAULT_SOCKET_NAME : "bind-" + index;
    }

    private Set<String> shared() {
        List<ListeningSocket> all = sockets;
        return IntStream.range(0, all.size())
                .filter(index -> all.get(index).bind() instanceof Bind.Inherited)
                .mapToObj(Listeners::name)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static void configure(
            ListenerConfig.BuilderBase<?, ?> listener,
            ServerConnectionSelector selector,
            int maxConnections,
            Duration toStop) {
        listener.addConnectionSelector(selector)
                .protocolsDiscoverServices(false)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .maxTcpConnections(maxConnections + OVERFLOW)
                .shutdownGracePeriod(toStop);
    }

    /// Whether connections are accepted on all addresses, as long as they are to be. Any thread.
    boolean areWell() {
        WebServer started = web;
        return started != null && (closing || HelidonSeam.accepts(started));
    }

    /// The bound addresses, with the ports that the system chose.
    List<String> urls() {
        return sockets.stream()
                .filter(socket -> !socket.redirects())
                .map(socket -> socket.url(tls != null))
                .toList();
    }

    /// The addresses that send clients to the others.
    List<String> redirecting() {
        return sockets.stream()
                .filter(ListeningSocket::redirects)
                .map(socket -> socket.url(false))
                .toList();
    }

    /// The process is about to end: what lives on without it is removed.
    void abandon() {
        sockets.forEach(ListeningSocket::removeFile);
    }

    /// Stops accepting. Those who had connected before are in the hands of connections then, but
    /// for the queues of sockets that the service manager or another process keeps.
    void retire() throws InterruptedException {
        closing = true;
        sockets.forEach(ListeningSocket::removeFile);
        WebServer started = web;
        if (started != null) {
            HelidonSeam.retire(started, shared(), RETREAT);
        }
    }

    /// Stops accepting, and waits until the connections have ended, which the registry sees to.
    @Override
    public void close() {
        if (!closing) {
            closing = true;
            sockets.forEach(ListeningSocket::removeFile);
        }
        WebServer started = web;
        if (started != null) {
            started.stop(); // has to close the sockets itself
        }
        sockets.forEach(ListeningSocket::close);
    }
}
