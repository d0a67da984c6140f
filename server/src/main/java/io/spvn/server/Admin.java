package io.spvn.server;

import io.spvn.server.ServerConfig.Network;
import io.spvn.server.observe.AdminListener;
import io.spvn.server.observe.AdminPages;
import io.spvn.server.observe.Metrics;
import io.spvn.server.process.StartFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// What `--admin-bind` asks for: metrics, health, and the listener that tells them. Open from
/// before the app is imported until after it has ended. Opened and closed by one thread.
final class Admin {
    private static final System.Logger LOG = System.getLogger(Admin.class.getName());

    private final Bind.Tcp bind;
    private final Network network;
    private final AdminPages pages;
    private final Metrics metrics;
    private @Nullable AdminListener listener; // null until opened

    /// One that is still to be opened.
    ///
    /// @param bind its address
    /// @param network addresses that are taken
    /// @param metrics are closed with it
    Admin(Bind.Tcp bind, Network network, AdminPages pages, Metrics metrics) {
        this.bind = bind;
        this.network = network;
        this.pages = pages;
        this.metrics = metrics;
    }

    /// Binds the address and begins to answer.
    ///
    /// @throws StartFailure when it is one of `--bind`, or cannot be bound
    void open() {
        requireOwnAddress();
        InetSocketAddress address = new InetSocketAddress(bind.host(), bind.port());
        if (address.isUnresolved()) {
            throw failure("unknown host; give an address of this machine to --admin-bind");
        }
        try {
            AdminListener opened = AdminListener.open(address, network.dualStack(), pages);
            listener = opened;
            announce(opened.port());
        } catch (IOException | UnsupportedOperationException failure) {
            throw failure(complaint(failure));
        }
    }

    private void requireOwnAddress() {
        for (Bind other : network.binds()) {
            if (other instanceof Bind.Tcp tcp && overlap(bind, tcp)) {
                throw StartFailure.ofOptions(
                        "--admin-bind: %s is taken by --bind %s; give it a port of its own"
                                .formatted(bind.url(), tcp.url()));
            }
        }
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

    private void announce(int port) {
        String url = new Bind.Tcp(bind.host(), port).url();
        LOG.log(System.Logger.Level.INFO, "metrics and health on " + url);
    }

    /// To be called from time to time; does not block.
    void tick() {
        metrics.tick();
    }

    void close() throws InterruptedException {
        if (listener != null) {
            listener.close();
        }
        metrics.close();
    }
}
