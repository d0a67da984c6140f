package io.spvn.server.http2;

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

/// HTTP/2, and what all its connections share.
public final class Http2 implements Protocol {
    private static final int STREAMS = 128;
    private static final int BUFFER = 64 * 1024;
    private static final int BUFFERS_KEPT = 16;

    final Dispatcher dispatcher;
    final HttpSettings settings;
    final int maxStreams;
    final ExchangeListener listener;
    final @Nullable WebSockets webSockets;
    private final @Nullable RequestIds ids; // null where requests get none
    final Forwarding forwarding;
    final BufferPool buffers = new BufferPool(BUFFER, BUFFERS_KEPT);
    final Defaults defaults;
    final boolean timed; // whether somebody wants to hear of the moments of requests

    /// @param webSockets for clients that ask for one; null where they are not to ask
    /// @param forwarding what proxies are believed
    /// @param listener told what becomes of requests
    public Http2(
            Dispatcher dispatcher,
            HttpSettings settings,
            @Nullable WebSockets webSockets,
            Forwarding forwarding,
            ExchangeListener listener) {
        this(dispatcher, settings, STREAMS, webSockets, forwarding, listener);
    }

    /// @param maxStreams requests of a connection that may be open at a time
    Http2(
            Dispatcher dispatcher,
            HttpSettings settings,
            int maxStreams,
            @Nullable WebSockets webSockets,
            Forwarding forwarding,
            ExchangeListener listener) {
        this.dispatcher = dispatcher;
        this.settings = settings;
        this.maxStreams = maxStreams;
        this.webSockets = webSockets;
        this.forwarding = forwarding;
        this.listener = listener;
        this.timed = listener.wantsMoments();
        this.ids = settings.requestIds() ? new RequestIds() : null;
        this.defaults =
                new Defaults(
                        new DateHeader(Clock.systemUTC()),
                        settings.responses(),
                        settings.transportSecurity());
    }

    /// Says to a client what it has to know, and gives the connection its window.
    void greet(FrameWriter frames) {
        frames.settings(
                PeerSettings.MAX_CONCURRENT_STREAMS,
                maxStreams,
                PeerSettings.INITIAL_WINDOW_SIZE,
                ReceiveWindow.OF_STREAM,
                PeerSettings.MAX_HEADER_LIST_SIZE,
                settings.maxHead(),
                PeerSettings.NO_RFC7540_PRIORITIES,
                1,
                PeerSettings.ENABLE_CONNECT_PROTOCOL,
                webSockets == null ? 0 : 1);
        frames.windowUpdate(0, ReceiveWindow.OF_CONNECTION - SendWindow.INITIAL);
    }

    /// A request as it goes on from here.
    Http2Head identified(Http2Head head) {
        return ids == null ? head : head.identified(ids);
    }

    @Override
    public Conversation on(Connection connection) {
        return new Http2Connection(connection, this);
    }
}
