package io.spvn.server.http1;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.connection.BufferPool;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Protocol;
import io.spvn.server.http.DateHeader;
import io.spvn.server.http.HttpSettings;
import io.spvn.server.http.RequestIds;
import io.spvn.server.proxy.Forwarding;
import io.spvn.server.websocket.WebSockets;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/// HTTP/1.x, and what all its connections share. Whatever is not another protocol is taken for it;
/// what is not even that is answered with an error of HTTP/1.1.
public final class Http1 implements Protocol {
    final Dispatcher dispatcher;
    final HttpSettings settings;
    final ExchangeListener listener;
    final @Nullable WebSockets webSockets;
    private final @Nullable RequestIds ids; // null where requests get none
    final Forwarding forwarding;
    final Upgrades upgrades = new Upgrades();
    final BufferPool buffers = new BufferPool();
    final DefaultFields defaults;
    final boolean timed; // whether somebody wants to hear of the moments of requests

    /// @param webSockets for clients that ask for one; null where they get the app's answer to an
    ///   ordinary request
    /// @param forwarding what proxies are believed
    /// @param listener told what becomes of requests
    public Http1(
            Dispatcher dispatcher,
            HttpSettings settings,
            @Nullable WebSockets webSockets,
            Forwarding forwarding,
            ExchangeListener listener) {
        this.forwarding = forwarding;
        this.dispatcher = dispatcher;
        this.settings = settings;
        this.webSockets = webSockets;
        this.listener = listener;
        this.timed = listener.wantsMoments();
        this.ids = settings.requestIds() ? new RequestIds() : null;
        this.defaults =
                new DefaultFields(
                        new DateHeader(Clock.systemUTC()),
                        settings.responses(),
                        settings.transportSecurity());
    }

    /// A request as it goes on from here.
    RequestHead identified(RequestHead head) {
        return ids == null ? head : head.identified(ids);
    }

    /// A response behind which the connection ends.
    ///
    /// @param head of its request, null when none could be made out
    ResponseEncoder lastResponse(@Nullable RequestHead head) {
        return new ResponseEncoder(head, defaults, false);
    }

    @Override
    public Conversation on(Connection connection) {
        return new Http1Connection(connection, this);
    }
}
