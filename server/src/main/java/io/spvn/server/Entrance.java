package io.spvn.server;

import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.ServerConfig.Limits;
import io.spvn.server.connection.ClientLimits;
import io.spvn.server.connection.Opening;
import io.spvn.server.proxy.Proxies;
import org.jspecify.annotations.Nullable;

/// What all connections come through before anything else is said: first the header of a proxy,
/// which says whose they are, then the limits of one client. Where neither is asked for it is not
/// there.
final class Entrance {
    private final Proxies proxies;
    private final Ledger ledger;
    private final @Nullable ClientLimits clients; // null where one may have as much as all

    /// @param ledger what clients make the server hold
    Entrance(ServerConfig config, Ledger ledger) {
        this.proxies = config.network().proxies();
        this.ledger = ledger;
        this.clients = clients(config.limits());
    }

    private static @Nullable ClientLimits clients(Limits limits) {
        return limits.perClient() == 0 && limits.clientRate() == 0
                ? null
                : new ClientLimits(limits.perClient(), limits.clientRate(), System::nanoTime);
    }

    /// How connections begin that come through it.
    ///
    /// @param inner how they go on
    Opening.Kind before(Opening.Kind inner) {
        return proxies.opening(clients == null ? inner : clients.before(inner), ledger);
    }

    /// To be called from time to time, by one thread.
    void tick() {
        if (clients != null) {
            clients.tick();
        }
    }
}
