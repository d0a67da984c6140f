package io.spvn.server;

import io.spvn.bridge.worker.WorkerPool;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.server.ServerConfig.Network;
import io.spvn.server.observe.AdminListener;
import io.spvn.server.observe.AdminPages;
import io.spvn.server.observe.Health;
import io.spvn.server.observe.Metrics;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.observe.Vitals;
import io.spvn.server.process.Privileges;
import io.spvn.server.process.SocketFile;
import io.spvn.server.process.StartFailure;
import io.spvn.server.status.Identity;
import io.spvn.server.status.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What `--admin-bind` asks for: status, metrics, health, and the listener that tells them. Open
/// from before the app is imported until after it has ended. Opened and closed by one thread.
final class Admin {
    private static final System.Logger LOG = System.getLogger(Admin.class.getName());

    /// What it tells is for whoever runs the server, unless somebody says otherwise.
    private static final int UDS_PERMISSIONS = 0600;

    private final Bind bind;
    private final Network network;
    private final AdminPages pages;
    private final Metrics metrics;
    private final Status status;
    private @Nullable AdminListener listener; // null until opened
    private @Nullable SocketFile file; // of a Unix socket that is open
    private volatile String url;

    private Admin(
            Bind bind,
            Network network,
            Metrics metrics,
            Health health,
            Vitals vitals,
            RequestMeters meters,
            Identity identity,
            Listeners listeners,
            WorkerPool workers) {
        this.bind = bind;
        this.network = network;
        this.metrics = metrics;
        this.url = bind.url();
        ServerInsight insight = new ServerInsight(listeners, () -> url, workers.census());
        this.status = new Status(identity, health, vitals, insight, meters);
        this.pages =
                new AdminPages(
                        health,
                        vitals,
                        metrics,
                        Map.of("/", status::page, "/status", status::json));
    }

    /// One that is still to be opened; null where none is asked for.
    ///
    /// @param given options, which are shown
    static @Nullable Admin of(
            ServerConfig config,
            Map<String, String> given,
            @Nullable RequestMeters meters,
            Health health,
            Vitals vitals,
            Listeners listeners,
            WorkerPool workers) {
        Bind bind = config.adminBind();
        if (bind == null || meters == null) {
            return null;
        }
        WorkerSettings settings = config.worker();
        Identity identity =
                Identity.ofNow(
                        settings.app().ref().target(),
                        SpvnServer.VERSION,
                        settings.python().version(),
                        given);
        Metrics metrics = new Metrics(meters, vitals, settings.crew().size());
        return new Admin(
                bind,
                config.network(),
                metrics,
                health,
                vitals,
                meters,
                identity,
                listeners,
                workers);
    }

    /// Binds the address and begins to answer.
    ///
    /// @param privileges of those who will serve
    /// @throws StartFailure when it is one of `--bind`, or cannot be bound
    void open(Privileges privileges) {
        requireOwnAddress();
        try {
            if (bind instanceof Bind.Unix unix) {
                openUnix(unix, privileges);
            } else {
                openTcp((Bind.Tcp) bind);
            }
        } catch (IOException | UnsupportedOperationException failure) {
            throw failure(complaint(failure));
        }
        LOG.log(System.Logger.Level.INFO, "status, metrics and health on " + url);
    }

    private void openTcp(Bind.Tcp tcp) throws IOException {
        InetSocketAddress address = new InetSocketAddress(tcp.host(), tcp.port());
        if (address.isUnresolved()) {
            throw failure("unknown host; give an address of this machine to --admin-bind");
        }
        AdminListener opened = AdminListener.open(address, network.dualStack(), pages);
        listener = opened;
        url = new Bind.Tcp(tcp.host(), opened.port()).url();
    }

    private void openUnix(Bind.Unix unix, Privileges privileges) throws IOException {
        SocketFile.removeStale(unix.path());
        Integer asked = network.udsPermissions();
        listener = AdminListener.open(unix.path(), asked == null ? UDS_PERMISSIONS : asked, pages);
        SocketFile made = SocketFile.of(unix.path().toAbsolutePath());
        file = made;
        made.give(privileges);
    }

    private void requireOwnAddress() {
        for (Bind other : network.binds()) {
            if (overlap(bind, other)) {
                throw StartFailure.ofOptions(
                        "--admin-bind: %s is taken by --bind %s; give it a port of its own"
                                .formatted(bind.url(), other.url()));
            }
        }
    }

    private static boolean overlap(Bind one, Bind other) {
        if (one instanceof Bind.Tcp tcp && other instanceof Bind.Tcp another) {
            return overlap(tcp, another);
        }
        return one.equals(other);
    }

    private static boolean overlap(Bind.Tcp one, Bind.Tcp other) {
        if (one.port() != other.port() || one.port() == 0) {
            return false;
        }
        InetAddress first = new InetSocketAddress(one.host(), one.port()).getAddress();
        InetAddress second = new InetSocketAddress(other.host(), other.port()).getAddress();
        return first != null
                && second != null
                && (first.equals(second)
                        || first.isAnyLocalAddress()
                        || second.isAnyLocalAddress());
    }

    private static String complaint(Exception failure) {
        String reason = String.valueOf(failure.getMessage());
        return reason.contains("in use")
                ? "the address is in use; stop the other server or choose another --admin-bind"
                : reason + "; choose another --admin-bind";
    }

    private StartFailure failure(String reason) {
        return StartFailure.ofEnvironment(
                "cannot serve metrics and health on %s: %s".formatted(bind.url(), reason));
    }

    /// To be called from time to time; does not block.
    void tick() {
        metrics.tick();
        status.tick();
    }

    void close() throws InterruptedException {
        if (file != null) {
            file.remove();
        }
        if (listener != null) {
            listener.close();
        }
        metrics.close();
    }
}
