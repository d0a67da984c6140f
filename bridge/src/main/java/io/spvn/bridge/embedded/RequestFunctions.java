package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.ClientGone;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.Sent;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.python.PythonException;
import io.spvn.bridge.python.Values;
import io.spvn.bridge.worker.AppLog;
import io.spvn.bridge.worker.ExchangeTable;
import org.jspecify.annotations.Nullable;

/// The host functions that requests go through: how they get to the app, and what it says in them.
///
/// Every one runs on the worker's thread, under its GIL, and takes a few microseconds at most.
final class RequestFunctions {
    private static final long STOP = -1;
    private static final long DRAIN = -1000; // below all signals

    private final Inbox inbox;
    private final ExchangeTable exchanges;
    private final AsgiCodec codec;
    private final PythonSide python;
    private final Outbox outbox;
    private final Agenda agenda;
    private final long sendDefinition = HostModule.define("send", "message", this::send);

    RequestFunctions(
            Inbox inbox,
            ExchangeTable exchanges,
            Admission admission,
            AsgiCodec codec,
            PythonSide python,
            Outbox outbox) {
        this.inbox = inbox;
        this.exchanges = exchanges;
        this.codec = codec;
        this.python = python;
        this.outbox = outbox;
        this.agenda = new Agenda(inbox, exchanges, admission, CPython::decRef);
    }

    void install(HostModule module) {
        module.function("take", this::take)
                .function("receive", this::receive)
                .function("writable", this::writable)
                .listFunction("ended", this::ended)
                .function("flush", this::flush);
    }

    /// `take() -> tuple[int, Scope, Receive, Send] | int | None`
    private long take(long self) {
        return switch (agenda.next()) {
            case NEWS -> numberOf(agenda.exchange());
            case SIGNAL -> CPython.longFromLong(STOP - agenda.signal());
            case DRAIN -> CPython.longFromLong(DRAIN);
            case STOP -> CPython.longFromLong(STOP);
            case REQUEST -> begin(agenda.exchange());
            case NOTHING -> Values.none();
        };
    }

    private long numberOf(Exchange news) {
        long number = CPython.longFromLong(news.id());
        if (number == 0) {
            inbox.wake(news); // no memory now, but it must not be forgotten
        }
        return number;
    }

    private long begin(Exchange request) {
        outbox.beginBatch();
        long number = exchanges.add(request);
        request.taken(number, inbox);
        try {
            return work(request, number);
        } catch (RuntimeException | Error failure) {
            exchanges.remove(number);
            request.appEnded(true);
            outbox.ready(request);
            throw failure;
        }
    }

    private long work(Exchange request, long number) {
        long work = Values.require(CPython.tupleNew(4));
        try {
            long id = CPython.longFromLong(number);
            Values.fill(work, 0, id);
            Values.fill(work, 1, codec.scope(request));
            Values.fill(work, 2, CPython.methodNew(python.receiveOf(request), id));
            Values.fill(work, 3, CPython.cMethodNew(sendDefinition, id, 0, 0));
            return work;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(work);
            throw failure;
        }
    }

    /// `receive(exchange_id) -> dict | None`
    private long receive(long self, long id) {
        Exchange exchange = exchanges.get(CPython.longAsLong(id));
        if (exchange == null) {
            return codec.event(new Inbound.Disconnect()); // it is over
        }
        Inbound event = exchange.receive();
        if (event != null) {
            return codec.event(event);
        }
        if (exchange.continueDue()) {
            outbox.ready(exchange);
        }
        return Values.none();
    }

    /// `send(message) -> Awaitable[None]`, bound to an exchange.
    private long send(long id, long message) {
        Outbound event = read(message);
        Exchange exchange = exchanges.get(CPython.longAsLong(id));
        Sent sent = accept(exchange, event);
        if (exchange != null && sent != Sent.HELD) {
            outbox.ready(exchange);
        }
        return sent == Sent.FULL ? python.drained(id) : python.sent();
    }

    /// Gives the event to its exchange; one that is not taken is released.
    private Sent accept(@Nullable Exchange exchange, Outbound event) {
        try {
            if (exchange == null) {
                throw new AsgiViolation("Unexpected ASGI message after the app has returned");
            }
            return exchange.send(event);
        } catch (AsgiViolation violation) {
            event.release();
            throw new PythonException(CPython.RUNTIME_ERROR, text(violation));
        } catch (ClientGone gone) {
            event.release();
            throw new PythonException(python.clientDisconnected, text(gone));
        } catch (RuntimeException | Error failure) {
            event.release();
            throw failure;
        }
    }

    private Outbound read(long message) {
        try {
            return codec.read(message);
        } catch (AsgiViolation violation) {
            throw new PythonException(CPython.RUNTIME_ERROR, text(violation));
        }
    }

    /// `writable(exchange_id) -> bool`
    private long writable(long self, long id) {
        Exchange exchange = exchanges.get(CPython.longAsLong(id));
        try {
            return Values.bool(exchange == null || exchange.writable());
        } catch (ClientGone gone) {
            throw new PythonException(python.clientDisconnected, text(gone));
        }
    }

    /// `ended(exchange_id, traceback | None)`
    private long ended(long self, HostModule.ArgumentList arguments) {
        Exchange exchange = exchanges.remove(CPython.longAsLong(arguments.borrowed(0)));
        long traceback = arguments.borrowed(1);
        boolean raised = traceback != CPython.NONE;
        if (exchange != null) {
            if (exchange.appEnded(raised)) {
                if (!raised && !exchange.excused()) {
                    AppLog.incomplete(exchange);
                }
                outbox.ready(exchange);
            }
            if (raised) {
                AppLog.raised(exchange, Values.string(traceback));
            }
        }
        return Values.none();
    }

    /// `flush()`
    private long flush(long self) {
        outbox.flush();
        return Values.none();
    }

    private static String text(RuntimeException failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }
}
