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
    private final long worker = module("spvn_bridge.worker");
    private final long http = module("spvn_bridge.http");

    // Functions behind every `receive`; methods of the exchange's number.
    private final long receive = attribute(http, "receive");
    private final long receiveMessage = attribute(http, "receive_message");

    /// Exception class for a client that has gone.
    final long clientDisconnected = attribute(http, "ClientDisconnected");

    private final long sent = attribute(http, "SENT");
    private final long drained = attribute(http, "drained");
    private final long requestFlush = attribute(http, "request_flush");

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
        long main = attribute(worker, "main");
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

    private static long module(String name) {
        return Values.require(CPython.importModule(CPython.constant(name)));
    }

    private static long attribute(long object, String name) {
        return Values.require(CPython.getAttr(object, CPython.constant(name)));
    }
}
