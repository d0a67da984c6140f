package io.spvn.server.websocket;

import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.connection.BufferPool;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import org.jspecify.annotations.Nullable;

/// What all WebSockets of a server share. For any thread.
public final class WebSockets implements AutoCloseable {
    /// Bytes off the heap that compression may keep between messages: the contexts of some 250
    /// clients, who get the best of it.
    private static final long CONTEXTS = 64L << 20;

    final Dispatcher dispatcher;
    final WebSocketSettings settings;
    final ExchangeListener listener;
    final boolean timed; // whether somebody wants to hear of their moments
    final DeflateContexts contexts = new DeflateContexts(CONTEXTS);
    final BufferPool buffers = new BufferPool();

    /// @param listener told what becomes of them
    public WebSockets(
            Dispatcher dispatcher, WebSocketSettings settings, ExchangeListener listener) {
        this.dispatcher = dispatcher;
        this.settings = settings;
        this.listener = listener;
        this.timed = listener.wantsMoments();
    }

    /// What serves WebSockets, null where none are served.
    ///
    /// @param settings null for none
    /// @param listener told what becomes of them
    public static @Nullable WebSockets of(
            @Nullable WebSocketSettings settings,
            Dispatcher dispatcher,
            ExchangeListener listener) {
        return settings == null ? null : new WebSockets(dispatcher, settings, listener);
    }

    /// What follows on a connection whose client has asked for a WebSocket.
    ///
    /// @param scope what the app is called with
    /// @param answer to what the client has asked for
    public Conversation open(Connection connection, Scope.WebSocket scope, HandshakeAnswer answer) {
        return new WebSocketConnection(connection, this, scope, answer);
    }

    @Override
    public void close() {
        contexts.close();
    }
}
