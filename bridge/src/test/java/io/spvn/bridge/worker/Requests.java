package io.spvn.bridge.worker;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.Exchanges;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.Transport;
import java.time.Duration;

/// Requests without a connection, for tests of workers.
public final class Requests {
    private Requests() {}

    /// One without a body.
    public static HttpExchange request() {
        return request(ready -> {});
    }

    public static HttpExchange request(Transport transport) {
        return new HttpExchange(scope(Headers.EMPTY), transport, false, true, ledger(), 0);
    }

    /// One whose body is still to come.
    public static HttpExchange upload(boolean expectsContinue) {
        return new HttpExchange(
                scope(Headers.EMPTY), ready -> {}, expectsContinue, false, ledger(), 0);
    }

    public static Scope.Http scope(Headers headers) {
        return Exchanges.scope("GET", headers);
    }

    /// Queues a request as readers do.
    public static void put(RequestQueue queue, Exchange request) throws InterruptedException {
        request.queued();
        if (!queue.put(request, Duration.ofSeconds(5))) {
            throw new AssertionError("no room in the queue");
        }
    }

    private static Ledger ledger() {
        return new Ledger(1 << 20);
    }
}
