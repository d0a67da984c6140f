package io.spvn.bridge.embedded;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.WebSocketExchange;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.Values;
import io.spvn.bridge.worker.Boot;
import java.util.Map;

/// What a worker calls in the `spvn_bridge` package of its interpreter. Worker thread only; the
/// references live as long as the interpreter.
final class PythonSide {
    private final long worker = Values.module("spvn_bridge.worker");
    private final long http = Values.module("spvn_bridge.http");

    // Functions behind every `receive`; methods of the exchange's number.
    private final long receive = Values.attribute(http, "receive");
    private final long receiveMessage = Values.attribute(http, "receive_message");

    /// Exception class for a client that has gone.
    final long clientDisconnected = Values.attribute(http, "ClientDisconnected");

    private final long sent = Values.attribute(http, "SENT");
    private final long drained = Values.attribute(http, "drained");
    private final long requestFlush = Values.attribute(http, "request_flush");

    /// Function behind the `receive` of an exchange, borrowed.
    long receiveOf(Exchange exchange) {
        return switch (exchange) {
            case HttpExchange _ -> receive;
            case WebSocketExchange _ -> receiveMessage;
        };
    }

    /// New reference to the awaitable that is ready at once.
    long sent() {
        CPython.incRef(sent);
        return sent;
    }

    /// New coroutine that ends when the exchange has room again.
    long drained(long id) {
        return Values.call(drained, id);
    }

    /// Has `flush()` called at the end of the loop's present turn.
    ///
    /// @return false when the calling thread runs no loop
    boolean requestFlush() {
        long none = CPython.callNoArgs(requestFlush);
        if (none == 0) {
            CPython.errClear();
            return false;
        }
        CPython.decRef(none);
        return true;
    }

    /// Runs the app until it is stopped, and tells how that went.
    Boot main(Map<String, Object> settings) {
        long main = Values.attribute(worker, "main");
        long argument = Values.of(settings);
        long result = Values.call(main, argument);
        CPython.decRef(argument);
        CPython.decRef(main);
        Boot boot =
                new Boot(
                        Boot.outcome(Values.string(result, "outcome")),
                        Values.string(result, "message"),
                        Values.string(result, "traceback"),
                        Values.string(result, "module"));
        CPython.decRef(result);
        return boot;
    }
}
