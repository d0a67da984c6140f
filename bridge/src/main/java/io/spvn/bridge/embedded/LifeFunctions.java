package io.spvn.bridge.embedded;

import io.spvn.bridge.exchange.Drain;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.Receiver;
import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.python.Values;
import io.spvn.bridge.python.WakeFd;
import io.spvn.bridge.worker.AppLog;
import io.spvn.bridge.worker.ExchangeTable;
import io.spvn.bridge.worker.Farewell;
import java.util.Locale;
import java.util.function.Predicate;

/// The host functions of a worker's life: that it serves, signals for its app, its last part, and
/// what it has to say meanwhile. Called on the worker's thread, under its GIL.
final class LifeFunctions {
    private final Inbox inbox;
    private final ExchangeTable exchanges;
    private final Farewell farewell;
    private final AsgiCodec codec;
    private final Outbox outbox;
    private final Runnable onServing;
    private final Predicate<String> onRefusal;
    private final AppSignals signals;

    /// @param onServing called when the app's start-up is over
    /// @param onRefusal told of modules that do not load; see [Place]
    LifeFunctions(
            Inbox inbox,
            ExchangeTable exchanges,
            Farewell farewell,
            AsgiCodec codec,
            Outbox outbox,
            Runnable onServing,
            Predicate<String> onRefusal) {
        this.inbox = inbox;
        this.exchanges = exchanges;
        this.farewell = farewell;
        this.codec = codec;
        this.outbox = outbox;
        this.onServing = onServing;
        this.onRefusal = onRefusal;
        this.signals = new AppSignals(inbox::signal);
    }

    void install(HostModule module) {
        module.listFunction("serving", this::serving)
                .listFunction("signal", this::signal)
                .listFunction("drain", this::drain)
                .function("grace", this::grace)
                .listFunction("waits_for", this::waitsFor)
                .function("refused", this::refused)
                .listFunction("log", this::log);
    }

    /// `serving(wake_fd, template, asgi, state)`
    private long serving(long self, HostModule.ArgumentList arguments) {
        int descriptor = Math.toIntExact(CPython.longAsLong(arguments.borrowed(0)));
        codec.serving(arguments.borrowed(1), arguments.borrowed(2), arguments.borrowed(3));
        inbox.open(WakeFd.copyOf(descriptor)::wake);
        onServing.run();
        return Values.none();
    }

    /// `signal(name, action) -> bool`
    private long signal(long self, HostModule.ArgumentList arguments) {
        String name = Values.string(arguments.borrowed(0));
        String action = Values.string(arguments.borrowed(1));
        return Values.bool(
                signals.ask(name, AppSignals.Action.valueOf(action.toUpperCase(Locale.ROOT))));
    }

    /// `drain(exchange_id, listener) -> int`
    private long drain(long self, HostModule.ArgumentList arguments) {
        Exchange exchange = exchanges.get(CPython.longAsLong(arguments.borrowed(0)));
        Receiver waiting = Receiver.of(CPython.longAsLong(arguments.borrowed(1)));
        Drain.Order order = exchange == null ? Drain.Order.NONE : farewell.look(exchange, waiting);
        if (exchange != null && order == Drain.Order.TELL) {
            outbox.ready(exchange); // its client may be told as well
        }
        return CPython.longFromLong(order.number());
    }

    /// `grace() -> float`
    private long grace(long self) {
        return CPython.floatFromDouble(inbox.secondsToStop());
    }

    /// `waits_for(what, served)`
    private long waitsFor(long self, HostModule.ArgumentList arguments) {
        farewell.nowWaitsFor(
                Values.string(arguments.borrowed(0)), arguments.borrowed(1) == CPython.TRUE);
        return Values.none();
    }

    /// `refused(module) -> bool`
    private long refused(long self, long module) {
        return Values.bool(onRefusal.test(Values.string(module)));
    }

    /// `log(level, message)`, with the levels of Python's logging.
    private long log(long self, HostModule.ArgumentList arguments) {
        AppLog.log(CPython.longAsLong(arguments.borrowed(0)), Values.string(arguments.borrowed(1)));
        return Values.none();
    }
}
