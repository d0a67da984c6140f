package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Endpoint;
import io.spvn.bridge.asgi.Peers;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Logs, for who asks for it, what was refused to whom and why. For any thread; costs nothing while
/// nobody asks.
public final class RefusalLog {
    private static final System.Logger LOG = System.getLogger(RefusalLog.class.getName());

    private RefusalLog() {}

    /// Of a request that may not even have been understood.
    ///
    /// @param request what is known of it, printable; "" for nothing
    /// @param detail what is wrong with it; "" when the reason says all
    public static void refused(
            Rejected reason, Supplier<String> request, Peers peers, @Nullable String detail) {
        if (LOG.isLoggable(System.Logger.Level.DEBUG)) {
            String what = request.get();
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "%s%s from %s: %s%s"
                            .formatted(
                                    reason.status() == 0 ? "cut off" : "refused",
                                    what.isEmpty() ? " a connection" : ' ' + what,
                                    client(peers.client()),
                                    outcome(reason),
                                    detail == null || detail.isEmpty() ? "" : ", " + detail));
        }
    }

    /// Of a request that has become an exchange.
    public static void refused(Rejected reason, Exchange exchange) {
        refused(reason, exchange::toString, exchange.peers(), "");
    }

    /// Of a request that was abandoned; it is counted as well.
    public static void abandoned(ExchangeListener listener, Exchange exchange) {
        listener.refused(Rejected.CLIENT_GONE);
        refused(Rejected.CLIENT_GONE, exchange);
    }

    private static String outcome(Rejected reason) {
        return reason.status() == 0 ? reason.label() : reason.status() + " " + reason.label();
    }

    /// A client as logs name it.
    public static String client(@Nullable Endpoint client) {
        if (client == null || client.port() < 0) {
            return "a Unix socket";
        }
        String host = client.host().contains(":") ? "[" + client.host() + "]" : client.host();
        return host + ":" + client.port();
    }
}
