package io.spvn.server;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.connection.ConnectionSelector;
import io.spvn.server.connection.Opening;
import io.spvn.server.connection.Protocol;
import io.spvn.server.connection.Registry;
import io.spvn.server.files.StaticFiles;
import io.spvn.server.http.HttpSettings;
import io.spvn.server.http.HttpVersions;
import io.spvn.server.http1.Http1;
import io.spvn.server.http1.HttpsRedirect;
import io.spvn.server.http2.Http2;
import io.spvn.server.http2.Preface;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.process.Carriers;
import io.spvn.server.proxy.Forwarding;
import io.spvn.server.tls.HandshakeListener;
import io.spvn.server.tls.TlsLayer;
import io.spvn.server.tls.TlsSettings;
import io.spvn.server.websocket.WebSockets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// How the server speaks with clients, put together from the configuration: entrance, TLS, HTTP/1.1
/// with static files before the app, WebSockets; and beside it the redirect to https.
final class Protocols {
    private final ServerConfig config;
    private final Registry registry;
    private final ExchangeListener exchanges;
    private final Entrance entrance;
    private final @Nullable WebSockets webSockets; // null with --no-ws
    private final @Nullable TlsLayer tls; // null without TLS
    private final ConnectionSelector selector;
    private final ConnectionSelector redirect;

    /// @param workers of the app
    /// @param meters null where nothing is measured
    /// @param redirectTarget the port that https is at, known once it is bound
    Protocols(
            ServerConfig config,
            Registry registry,
            Dispatcher workers,
            ExchangeListener exchanges,
            @Nullable RequestMeters meters,
            Ticks ticks,
            IntSupplier redirectTarget) {
        this.config = config;
        this.registry = registry;
        this.exchanges = exchanges;
        this.entrance = new Entrance(config, registry.ledger());
        ticks.add(entrance::tick);
        this.webSockets = WebSockets.of(config.webSockets(), workers, exchanges);
        TlsSettings encryption = config.tls();
        this.tls = encryption == null ? null : new TlsLayer(encryption);
        Dispatcher files = StaticFiles.before(workers, config.files(), exchanges, ticks::add);
        this.selector = selector(opening(http1(files), http2(files), handshakes(meters)));
        this.redirect =
                selector(
                        Opening.plain(
                                new HttpsRedirect(redirectTarget, config.responses(), exchanges)));
    }

    private ConnectionSelector selector(Opening.Kind kind) {
        return new ConnectionSelector(
                registry, config.timeouts(), exchanges, entrance.before(kind));
    }

    private HandshakeListener handshakes(@Nullable RequestMeters meters) {
        return meters == null || tls == null
                ? HandshakeListener.NONE
                : new HandshakeCounts(meters.tls(() -> HandshakeCounts.expiries(tls)));
    }

    private HttpSettings settings() {
        TlsSettings encryption = config.tls();
        Duration hsts = encryption == null ? null : encryption.hsts();
        return new HttpSettings(
                config.limits().body(),
                hsts == null ? 0 : hsts.toSeconds(),
                config.logs().requestIds(),
                config.responses(),
                config.compression());
    }

    private Http1 http1(Dispatcher dispatcher) {
        return new Http1(dispatcher, settings(), webSockets, forwarding(), exchanges);
    }

    private Http2 http2(Dispatcher dispatcher) {
        return new Http2(dispatcher, settings(), webSockets, forwarding(), exchanges);
    }

    private Forwarding forwarding() {
        return new Forwarding(config.network().proxies());
    }

    private Opening.Kind opening(Protocol http1, Protocol http2, HandshakeListener handshakes) {
        HttpVersions versions = config.http();
        Protocol otherwise = versions.one() ? http1 : http2;
        if (tls == null) {
            return Opening.plain(
                    versions == HttpVersions.AUTO ? new Preface(http2, http1) : otherwise);
        }
        Map<String, Protocol> protocols = new LinkedHashMap<>();
        if (versions.two()) {
            protocols.put("h2", http2);
        }
        if (versions.one()) {
            protocols.put("http/1.1", http1);
            protocols.put("http/1.0", http1);
        }
        return tls.opening(registry.ledger(), handshakes, protocols, otherwise, Carriers::count);
    }

    /// Of the addresses that the app is served at.
    ConnectionSelector selector() {
        return selector;
    }

    /// Of the address that only sends clients to https.
    ConnectionSelector redirect() {
        return redirect;
    }

    /// Null without encryption.
    @Nullable TlsLayer tls() {
        return tls;
    }

    /// Ends the threads that they have.
    void close() {
        if (webSockets != null) {
            webSockets.close();
        }
        if (tls != null) {
            tls.close();
        }
    }
}
