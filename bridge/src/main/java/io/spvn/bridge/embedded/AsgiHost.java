package io.spvn.bridge.worker;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.ClientGone;
import io.spvn.bridge.exchange.Drain;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Listener;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.exchange.Sent;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.python.PythonException;
import io.spvn.bridge.python.Values;
import io.spvn.bridge.python.WakeFd;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The functions of the module `_spvn_host`: what the Python side of a worker can ask of Java.
///
/// Every method runs on the worker's thread, under its GIL, and takes a few microseconds at most.
/// What is sent reaches the responder at the end of a batch of requests, or earlier when the batch
/// has gone on for [#SLICE_NANOS], so that clients and Python do not take turns.
final class AsgiHost {
    private static final long STOP = -1;
    private static final long DRAIN = -1000; // below all signals
    private static final long SLICE_NANOS = 300_000;

    private static final System.Logger APP_LOG = System.getLogger("io.spvn.app");

    private final Inbox inbox;
    private final ResponseSink sink;
    private final Admission admission;
    private final String rootPath;
    private final Runnable onServing;
    private final ExchangeTable exchanges;
    private final Farewell farewell;
    private final Names names = new Names();
    private final EventReader events;
    private final PythonSide python;
    private final AppSignals signals;
    private final long sendDefinition = HostModule.define("send", this::send);

    private @Nullable ScopeWriter scopes;
    private boolean inBatch;
    private boolean dirty;
    private long flushedAt;

    /// @param vitals has host functions of its own
    /// @param onServing called when the app's start-up is over
    AsgiHost(
            Inbox inbox,
            Vitals vitals,
            ExchangeTable exchanges,
            Farewell farewell,
            ResponseSink sink,
            ExchangeListener listener,
            String rootPath,
            Duration queueTimeout,
            Runnable onServing) {
        this.inbox = inbox;
        this.exchanges = exchanges;
        this.farewell = farewell;
        this.sink = sink;
        this.admission = new Admission(inbox.requests(), listener, queueTimeout, this::ready);
        this.rootPath = rootPath;
        this.onServing = onServing;
        this.events = new EventReader(names, inbox);
        this.signals = new AppSignals(inbox::signal);
        vitals.install(install());
        this.python = new PythonSide();
    }

    private HostModule install() {
        return new HostModule("_spvn_host")
                .function("take", this::take)
                .function("receive", this::receive)
                .function("writable", this::writable)
                .listFunction("ended", this::ended)
                .listFunction("serving", this::serving)
                .listFunction("signal", this::signal)
                .listFunction("drain", this::drain)
                .function("grace", this::grace)
                .listFunction("waits_for", this::waitsFor)
                .function("flush", this::flush)
                .listFunction("log", this::log);
    }

    /// `take() -> tuple[int, Scope, Receive, Send] | int | None`
    private long take(long self) {
        do {
            inbox.giveSignOfLife();
            dropReferences();
            Exchange news = inbox.nextNews();
            if (news != null) {
                if (exchanges.get(news.id()) == news) {
                    return numberOf(news);
                }
                continue;
            }
            Integer signal = inbox.nextSignal();
            if (signal != null) {
                return CPython.longFromLong(STOP - signal);
            }
            if (inbox.takeDrain()) {
                return CPython.longFromLong(DRAIN);
            }
            if (inbox.takeStop()) {
                return CPython.longFromLong(STOP);
            }
            Exchange request = admission.next();
            if (request != null) {
                inBatch = true;
                return begin(request);
            }
        } while (!inbox.sleep());
        return none();
    }

    private long numberOf(Exchange news) {
        long number = CPython.longFromLong(news.id());
        if (number == 0) {
            inbox.wake(news); // no memory now, but it must not be forgotten
        }
        return number;
    }

    private long begin(Exchange request) {
        long number = exchanges.add(request);
        request.taken(number, inbox);
        try {
            return work(request, number);
        } catch (RuntimeException | Error failure) {
            exchanges.remove(number);
            request.appEnded();
            ready(request);
            throw failure;
        }
    }

    private long work(Exchange request, long number) {
        long work = Values.require(CPython.tupleNew(4));
        try {
            long id = CPython.longFromLong(number);
            Values.fill(work, 0, id);
            Values.fill(work, 1, scope(request));
            Values.fill(work, 2, CPython.methodNew(python.receive, id));
            Values.fill(work, 3, CPython.cMethodNew(sendDefinition, id, 0, 0));
            return work;
        } catch (RuntimeException | Error failure) {
            CPython.decRef(work);
            throw failure;
        }
    }

    private long scope(Exchange request) {
        return switch (request) {
            case HttpExchange http -> writer().scope(http.scope());
        };
    }

    /// `receive(exchange_id) -> dict | None`
    private long receive(long self, long id) {
        Exchange exchange = exchanges.get(CPython.longAsLong(id));
        if (exchange == null) {
            return writer().event(new Inbound.Disconnect()); // it is over
        }
        Inbound event = exchange.receive();
        if (event != null) {
            return writer().event(event);
        }
        if (exchange.continueDue()) {
            ready(exchange);
        }
        return none();
    }

    /// `send(message) -> Awaitable[None]`, bound to an exchange.
    private long send(long id, long message) {
        Outbound event = read(message);
        Exchange exchange = exchanges.get(CPython.longAsLong(id));
        Sent sent = accept(exchange, event);
        if (exchange != null && sent != Sent.HELD) {
            ready(exchange);
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
            release(event);
            throw new PythonException(CPython.RUNTIME_ERROR, text(violation));
        } catch (ClientGone gone) {
            release(event);
            throw new PythonException(python.clientDisconnected, text(gone));
        } catch (RuntimeException | Error failure) {
            release(event);
            throw failure;
        }
    }

    private Outbound read(long message) {
        try {
            return events.read(message);
        } catch (AsgiViolation violation) {
            throw new PythonException(CPython.RUNTIME_ERROR, text(violation));
        }
    }

    private static void release(Outbound event) {
        if (event instanceof Outbound.ResponseBody body) {
            body.data().release();
        }
    }

    /// `writable(exchange_id) -> bool`
    private long writable(long self, long id) {
        Exchange exchange = exchanges.get(CPython.longAsLong(id));
        try {
            return truth(exchange == null || exchange.writable());
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
            if (exchange.appEnded()) {
                complain(exchange, raised);
                ready(exchange);
            }
            if (raised) {
                APP_LOG.log(
                        System.Logger.Level.ERROR,
                        "exception in the app, "
                                + exchange
                                + "\n"
                                + Values.string(traceback).strip());
            }
        }
        return none();
    }

    /// An app may leave a response out once it was told to.
    private static void complain(Exchange exchange, boolean raised) {
        if (!raised && !exchange.excused()) {
            APP_LOG.log(
                    System.Logger.Level.ERROR,
                    "the app returned without completing its response, " + exchange);
        }
    }

    /// `serving(wake_fd, template, asgi, state)`
    private long serving(long self, HostModule.ArgumentList arguments) {
        int descriptor = Math.toIntExact(CPython.longAsLong(arguments.borrowed(0)));
        scopes =
                new ScopeWriter(
                        names,
                        arguments.borrowed(1),
                        arguments.borrowed(2),
                        arguments.borrowed(3),
                        rootPath);
        inbox.open(WakeFd.copyOf(descriptor));
        onServing.run();
        return none();
    }

    /// `signal(name, action) -> bool`
    private long signal(long self, HostModule.ArgumentList arguments) {
        String name = Values.string(arguments.borrowed(0));
        String action = Values.string(arguments.borrowed(1));
        return truth(signals.ask(name, AppSignals.Action.valueOf(action.toUpperCase(Locale.ROOT))));
    }

    /// `drain(exchange_id, listener) -> int`
    private long drain(long self, HostModule.ArgumentList arguments) {
        Exchange exchange = exchanges.get(CPython.longAsLong(arguments.borrowed(0)));
        Listener waiting = Listener.of(CPython.longAsLong(arguments.borrowed(1)));
        Drain.Order order = exchange == null ? Drain.Order.NONE : farewell.look(exchange, waiting);
        return CPython.longFromLong(order.number());
    }

    /// `waits_for(what, served)`
    private long waitsFor(long self, HostModule.ArgumentList arguments) {
        farewell.waitsFor(
                Values.string(arguments.borrowed(0)), arguments.borrowed(1) == CPython.TRUE);
        return none();
    }

    /// `grace() -> float`
    private long grace(long self) {
        return CPython.floatFromDouble(inbox.secondsToStop());
    }

    /// `flush()`
    private long flush(long self) {
        inBatch = false;
        handOver();
        return none();
    }

    /// `log(level, message)`, with the levels of Python's logging.
    private long log(long self, HostModule.ArgumentList arguments) {
        long level = CPython.longAsLong(arguments.borrowed(0));
        System.Logger.Level severity =
                level >= 40
                        ? System.Logger.Level.ERROR
                        : level >= 30
                                ? System.Logger.Level.WARNING
                                : level >= 20
                                        ? System.Logger.Level.INFO
                                        : System.Logger.Level.DEBUG;
        APP_LOG.log(severity, Values.string(arguments.borrowed(1)));
        return none();
    }

    private ScopeWriter writer() {
        if (scopes == null) {
            throw new IllegalStateException("no request before serving()");
        }
        return scopes;
    }

    private void ready(Exchange exchange) {
        sink.ready(exchange);
        long now = System.nanoTime();
        if (!dirty) {
            dirty = true;
            flushedAt = now;
            if (!inBatch && !python.requestFlush()) {
                handOver(); // sent from a thread that runs no loop
            }
        } else if (now - flushedAt > SLICE_NANOS) {
            flushedAt = now;
            sink.flush();
        }
    }

    private void handOver() {
        if (dirty) {
            dirty = false;
            sink.flush();
        }
    }

    private void dropReferences() {
        for (Long reference = inbox.nextReference();
                reference != null;
                reference = inbox.nextReference()) {
            CPython.decRef(reference);
        }
    }

    private static String text(RuntimeException failure) {
        String message = failure.getMessage();
        return message == null ? "" : message;
    }

    private static long truth(boolean value) {
        long object = value ? CPython.TRUE : CPython.FALSE;
        CPython.incRef(object);
        return object;
    }

    private static long none() {
        CPython.incRef(CPython.NONE);
        return CPython.NONE;
    }
}
