package io.spvn.server.files;

import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.ClientGone;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.RefusalLog;
import java.util.Iterator;

/// Says a response in the app's stead, as a worker does it, and has it written: what is short by
/// the calling thread, which is a connection's reader, and what is long by a thread of its own, so
/// that the reader goes on.
final class Speaker {
    private static final int SHORT = 32 * 1024;

    private final ExchangeListener listener;

    Speaker(ExchangeListener listener) {
        this.listener = listener;
    }

    /// Takes over the body.
    void say(HttpExchange exchange, Response response) {
        exchange.taken(0, woken -> {});
        Iterator<Payload> body = response.body().iterator();
        try {
            exchange.send(new Outbound.ResponseStart(response.status(), response.headers()));
            send(exchange, body);
        } catch (ClientGone gone) {
            body.forEachRemaining(Payload::release);
            RefusalLog.abandoned(listener, exchange);
        }
        write(exchange);
    }

    private static void send(HttpExchange exchange, Iterator<Payload> body) {
        Payload piece = body.hasNext() ? body.next() : Payload.EMPTY;
        while (body.hasNext()) {
            say(exchange, new Outbound.ResponseBody(piece, true));
            piece = body.next();
        }
        say(exchange, new Outbound.ResponseBody(piece, false));
    }

    private static void say(HttpExchange exchange, Outbound.ResponseBody event) {
        try {
            exchange.send(event);
        } catch (ClientGone gone) {
            event.release();
            throw gone;
        }
    }

    private static void write(Exchange exchange) {
        if (exchange.unwritten() > SHORT) {
            Thread.ofVirtual().name("file").start(() -> writeReady(exchange));
        } else {
            exchange.transport().write(exchange);
        }
    }

    private static void writeReady(Exchange exchange) {
        try {
            exchange.transport().write(exchange);
        } catch (RuntimeException | Error failure) {
            System.getLogger(Speaker.class.getName())
                    .log(System.Logger.Level.ERROR, "response not written, " + exchange, failure);
            exchange.broken();
        }
    }
}
