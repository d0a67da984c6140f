package io.spvn.server;

import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.spvn.server.connection.PatientListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The sockets that the server listens on: Helidon's listeners with our connections in them.
final class Listeners {
    /// Connections above the limit that may be open at the same time to be told so; more wait to be
    /// accepted.
    private static final int OVERFLOW = 256;

    /// Connections end by themselves when the graceful timeout is over; a moment later Helidon
    /// would interrupt them.
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final ServerConfig config;
    private final WebServer web;

    private Listeners(ServerConfig config, WebServer web) {
        this.config = config;
        this.web = web;
    }

    /// Binds all addresses of `config` and begins to accept.
    ///
    /// @throws StartFailure when one of them cannot be bound
    static Listeners open(
            ServerConfig config, ServerConnectionSelector selector, int maxConnections) {
        WebServerConfig.Builder builder = WebServer.builder();
        builder.shutdownHook(false).featuresDiscoverServices(false);
        for (int i = 0; i < config.binds().size(); i++) {
            SocketAddress address = address(config.binds().get(i));
            if (i == 0) {
                configure(builder, config, address, selector, maxConnections);
            } else {
                ListenerConfig.Builder listener = ListenerConfig.builder();
                configure(listener, config, address, selector, maxConnections);
                builder.putSocket(name(i), listener.build());
            }
        }
        return start(config, builder.build());
    }

    private static Listeners start(ServerConfig config, WebServer web) {
        web.start();
        if (web.isRunning()) {
            PatientListener.install(web);
            return new Listeners(config, web);
        }
        requireBindable(config); // Helidon keeps the reason to itself
        throw new StartFailure(
                StartFailure.ENVIRONMENT, "cannot listen: the listener did not start", "");
    }

    /// Tries out all addresses of `config`, so that a server that cannot listen says so before it
    /// starts the app. Stale Unix sockets are removed.
    ///
    /// @throws StartFailure when one of them cannot be bound
    static void requireBindable(ServerConfig config) {
        for (Bind bind : config.binds()) {
            removeStale(bind);
            try {
                tryOut(address(bind));
            } catch (IOException failure) {
                throw new StartFailure(StartFailure.ENVIRONMENT, complaint(bind, failure), "");
            }
        }
    }

    private static void tryOut(SocketAddress address) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        try (ServerSocketChannel channel =
                unix
                        ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                        : ServerSocketChannel.open()) {
            channel.bind(address);
            if (address instanceof UnixDomainSocketAddress file) {
                Files.delete(file.getPath());
            }
        }
    }

    private static void configure(
            ListenerConfig.BuilderBase<?, ?> listener,
            ServerConfig config,
            SocketAddress address,
            ServerConnectionSelector selector,
            int maxConnections) {
        listener.bindAddress(address)
                .backlog(config.backlog())
                .addConnectionSelector(selector)
                .protocolsDiscoverServices(false)
                .connectionOptions(options -> options.tcpNoDelay(true))
                .maxTcpConnections(maxConnections + OVERFLOW)
                .shutdownGracePeriod(config.worker().gracefulTimeout().plus(LAST_WORDS));
    }

    private static String name(int index) {
        return index == 0 ? WebServer.DEFAULT_SOCKET_NAME : "bind-" + index;
    }

    private static SocketAddress address(Bind bind) {
        return switch (bind) {
            case Bind.Tcp(String host, int port) -> resolved(host, port);
            case Bind.Unix(Path path) -> UnixDomainSocketAddress.of(path);
        };
    }

    private static SocketAddress resolved(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartFailure(
                    StartFailure.ENVIRONMENT,
                    "cannot listen on %s:%d: unknown host; give an address of this machine to --bind"
                            .formatted(host, port),
                    "");
        }
        return address;
    }

    /// A socket file that nobody listens on is what a killed server leaves behind.
    private static void removeStale(Bind bind) {
        if (bind instanceof Bind.Unix(Path path) && Files.exists(path) && !isAlive(path)) {
            try {
                Files.delete(path);
            } catch (IOException kept) {
                throw new StartFailure(
                        StartFailure.ENVIRONMENT,
                        "cannot remove the stale socket " + path + ": " + kept.getMessage(),
                        "");
            }
        }
    }

    private static boolean isAlive(Path path) {
        if (!isSocket(path)) {
            return true;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException refused) {
            return false;
        }
    }

    private static boolean isSocket(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode") >> 12 == 0xC;
        } catch (IOException unreadable) {
            return false;
        }
    }

    private static String complaint(Bind bind, IOException failure) {
        String reason = String.valueOf(failure.getMessage());
        String advice =
                reason.contains("in use")
                        ? "the address is in use; stop the other server or choose another --bind"
                        : reason + "; choose another --bind";
        return "cannot listen on " + bind.url() + ": " + advice;
    }

    /// The bound addresses, with the ports that the system chose.
    List<String> urls() {
        List<String> urls = new ArrayList<>();
        for (int i = 0; i < config.binds().size(); i++) {
            Bind bind = config.binds().get(i);
            urls.add(
                    bind instanceof Bind.Tcp(String host, _)
                            ? new Bind.Tcp(host, web.port(name(i))).url()
                            : bind.url());
        }
        return urls;
    }

    /// Stops accepting, and waits until the connections have ended, which the registry sees to.
    void close() {
        web.stop();
    }
}
