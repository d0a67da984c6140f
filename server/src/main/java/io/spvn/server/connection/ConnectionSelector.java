package io.spvn.server.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import io.spvn.bridge.exchange.ExchangeListener;
import java.util.Set;

/// Makes the connections that Helidon's listener has accepted ours, all of them: the only selector
/// there is. Nothing is read from one before it is registered.
public final class ConnectionSelector implements ServerConnectionSelector {
    private final Registry registry;
    private final Timeouts timeouts;
    private final ExchangeListener listener;
    private final Opening.Kind kind;

    /// @param listener told of refusals
    /// @param kind how connections begin
    public ConnectionSelector(
            Registry registry, Timeouts timeouts, ExchangeListener listener, Opening.Kind kind) {
        this.registry = registry;
        this.timeouts = timeouts;
        this.listener = listener;
        this.kind = kind;
    }

    @Override
    public int bytesToIdentifyConnection() {
        return 0;
    }

    @Override
    public Support supports(BufferData data) {
        return Support.SUPPORTED;
    }

    /// None that Helidon could agree on: TLS is not its affair.
    @Override
    public Set<String> supportedApplicationProtocols() {
        return Set.of();
    }

    /// On the thread that will read it.
    @Override
    public ServerConnection connection(ConnectionContext context) {
        Socket socket =
                HelidonSeam.adopt(context, channel -> new PlainSocket(channel, registry.ledger()));
        Opening opening = kind.of(socket);
        return new Connection(opening.socket(), registry, timeouts, listener, opening.protocol());
    }
}
