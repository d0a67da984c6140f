package io.spvn.bridge.exchange;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Scope;

/// Exchanges without a connection, and what apps say in them.
public final class Exchanges {
    private Exchanges() {}

    static HttpExchange exchange(String method, boolean expectsContinue, boolean bodiless) {
        return exchange(method, expectsContinue, bodiless, new Ledger(1 << 20));
    }

    static HttpExchange exchange(String method, Ledger ledger) {
        return exchange(method, false, false, ledger);
    }

    static HttpExchange exchange(
            String method, boolean expectsContinue, boolean bodiless, Ledger ledger) {
        return new HttpExchange(scope(method), ready -> {}, expectsContinue, bodiless, ledger, 0);
    }

    /// @param nanos [System#nanoTime] of that moment
    static HttpExchange madeAt(long nanos, boolean bodiless) {
        Ledger ledger = new Ledger(1 << 20);
        return new HttpExchange(scope("GET"), ready -> {}, false, bodiless, ledger, nanos);
    }

    private static Scope.Http scope(String method) {
        return scope(method, Headers.EMPTY);
    }

    public static Scope.Http scope(String method, Headers headers) {
        byte[] path = bytes("/");
        return new Scope.Http(
                "1.1", method, path, path, bytes(""), headers, new Peers("http", null, null));
    }

    static Outbound.ResponseStart start(String... header) {
        byte[][] pairs = new byte[header.length][];
        for (int i = 0; i < header.length; i++) {
            pairs[i] = bytes(header[i]);
        }
        return header.length == 0
                ? new Outbound.ResponseStart(200, Headers.EMPTY)
                : new Outbound.ResponseStart(200, Headers.of(pairs));
    }

    static Outbound.ResponseBody body(String text, boolean more) {
        return new Outbound.ResponseBody(Payload.of(bytes(text)), more);
    }

    static Outbound.ResponseBody body(int size, boolean more) {
        return new Outbound.ResponseBody(Payload.of(new byte[size]), more);
    }

    static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }
}
