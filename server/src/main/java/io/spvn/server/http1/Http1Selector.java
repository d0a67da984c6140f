package io.spvn.server.http1;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.connection.BufferPool;
import io.spvn.server.connection.Registry;
import io.spvn.server.http.DateHeader;
import java.time.Clock;
import java.util.Set;

/// Makes connections that speak HTTP/1.x ours: Helidon's listener accepts them, sets up TLS and
/// hands them over here.
public final class Http1Selector implements ServerConnectionSelector {
    private final Dispatcher dispatcher;
    private final Registry registry;
    private final Http1Settings settings;
    private final ExchangeListener listener;
    private final Upgrades upgrades = new Upgrades();
    private final BufferPool buffers = new BufferPool();
    private final DateHeader date = new DateHeader(Clock.systemUTC());

    /// @param listener told what becomes of requests
    public Http1Selector(
            Dispatcher dispatcher,
            Registry registry,
            Http1Settings settings,
            ExchangeListener listener) {
        this.dispatcher = dispatcher;
        this.registry = registry;
        this.settings = settings;
        this.listener = listener;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    /// Whatever is not another protocol is taken for HTTP/1.x; what is not even that is answered
    /// with an error of HTTP/1.1.
    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of("http/1.1");
    }

    @Override
    public ServerConnection connection(ConnectionContext context) {
        return new Http1Connection(
                context, dispatcher, registry, settings, listener, upgrades, buffers, date);
    }
}
