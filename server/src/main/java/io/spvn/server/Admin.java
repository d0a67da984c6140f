package io.spvn.server;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.observe.AdminListener;
import io.spvn.server.observe.AdminPages;
import io.spvn.server.observe.Health;
import io.spvn.server.observe.Metrics;
import io.spvn.server.observe.Vitals;
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
    private final boolean dualStack;
    private final AdminPages pages;
    private final Metrics metrics;
    private @Nullable AdminListener listener; // null until opened

    private Admin(Bind.Tcp bind, boolean dualStack, Health health, Metrics metrics) {
        this.bind = bind;
        this.dualStack = dualStack;
        this.pages = new AdminPages(health, metrics);
        this.metrics = metrics;
    }

    /// One that is still to be opened; null when `config` asks for none.
    ///
    /// @throws StartFailure when the address is one of `--bind`
    static @Nullable Admin of(ServerConfig config, Health health, Vitals vitals) {
        Bind.Tcp bind = config.adminBind();
        if (bind == null) {
            return null;
        }
        requireOwnAddress(config, bind);
        Metrics metrics = new Metrics(vitals, config.worker().workers());
        return new Admin(bind, config.network().dualStack(), health, metrics);
    }

    /// Binds the address and begins to answer.
    ///
    /// @throws StartFailure when it cannot be bound
    void open() {
        InetSocketAddress address = new InetSocketAddress(bind.host(), bind.port());
        if (address.isUnresolved()) {
            throw failure(bind, "unknown host; give an address of this machine to --admin-bind");
        }
        try {
            AdminListener opened = AdminListener.open(address, dualStack, pages);
            listener = opened;
            announce(opened.port());
        } catch (IOException | UnsupportedOperationException failure) {
            throw failure(bind, complaint(failure));
        }
    }

    private static void requireOwnAddress(ServerConfig config, Bind.Tcp bind) {
        for (Bind other : config.network().binds()) {
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

    private static StartFailure failure(Bind.Tcp bind, String reason) {
        return StartFailure.ofEnvironment(
                "cannot serve metrics and health on %s: %s".formatted(bind.url(), reason));
    }

    private void announce(int port) {
        String url = new Bind.Tcp(bind.host(), port).url();
        LOG.log(System.Logger.Level.INFO, "metrics and health on " + url);
    }

    /// Is to be told what becomes of requests.
    ExchangeListener exchanges() {
        return metrics;
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
