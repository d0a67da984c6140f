package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.WebSocketExchange;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// ASGI's vocabulary as Python objects and back, in one interpreter. Worker thread only. Objects
/// returned are new references, arguments are borrowed.
final class AsgiCodec {
    private final Names names = new Names();
    private final String rootPath;
    private final EventReader reader;
    private @Nullable ScopeWriter writer; // null until the app serves

    /// @param rootPath path under which the app is mounted, empty for none
    /// @param giveBack takes the references of what is large, once it is written; for any thread
    AsgiCodec(String rootPath, LongConsumer giveBack) {
        this.rootPath = rootPath;
        this.reader = new EventReader(names, giveBack);
    }

    /// The app serves: what all scopes have in common is known from now on.
    ///
    /// @param template dict of the constant keys
    void serving(long template, long asgi, long state) {
        writer = new ScopeWriter(names, template, asgi, state, rootPath);
    }

    /// The scope dict of a request.
    long scope(Exchange request) {
        return switch (request) {
            case HttpExchange http -> writer().scope(http.scope());
            case WebSocketExchange socket -> writer().scope(socket.scope());
        };
    }

    /// An event of `receive()`.
    long event(Inbound inbound) {
        return writer().event(inbound);
    }

    /// The event in what the app gives to `send()`.
    Outbound read(long message) {
        return reader.read(message);
    }

    private ScopeWriter writer() {
        if (writer == null) {
            throw new IllegalStateException("no request before serving()");
        }
        return writer;
    }
}
