package io.spvn.loadtest.attack;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Carries an attack out, on one thread: waits for sockets and for time, begins requests, gives up
/// those that are late.
final class EventLoop implements Connection.Events {
    private static final long PROGRESS_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long MAX_OPENING_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int OPENING_AT_ONCE = 128;

    private final Plan plan;
    private final Selector selector;
    private final Measurements measurements;
    private final Injector injector;
    private final Ticker ticker;
    private final BooleanSupplier stopped;
    private final ProgressFeed progress;
    private final Connection[] connections;
    private final InFlight inFlight = new InFlight();
    private final Consumer<SelectionKey> ready = EventLoop::ready;
    private final Injector.Start start = this::begin;
    private final long timeoutNanos;
    private int opening;
    private long reported;
    private long reportedResponses;

    EventLoop(
            Plan plan,
            Selector selector,
            Measurements measurements,
            Injector injector,
            Ticker ticker,
            BooleanSupplier stopped,
            ProgressFeed progress) {
        this.plan = plan;
        this.selector = selector;
        this.measurements = measurements;
        this.injector = injector;
        this.ticker = ticker;
        this.stopped = stopped;
        this.progress = progress;
        timeoutNanos = plan.timeout().toNanos();
        connections = new Connection[plan.load().connections()];
        Wire wire = new Wire(selector, plan, measurements);
        for (int i = 0; i < connections.length; i++) {
            connections[i] = new Connection(wire, this);
        }
    }

    private static void ready(SelectionKey key) {
        ((Connection) key.attachment()).ready(key);
    }

    /// Opens all connections, so that the attack itself begins with warm ones. Those that cannot be
    /// opened, or not in time, are tried again when they are needed.
    void open() throws IOException {
        long deadline = ticker.nanos() + Math.min(timeoutNanos, MAX_OPENING_NANOS);
        int next = 0;
        while (!stopped.getAsBoolean() && ticker.nanos() < deadline) {
            while (next < connections.length && opening < OPENING_AT_ONCE) {
                opening++;
                connections[next++].open();
            }
            if (opening == 0) {
                return;
            }
            selector.select(ready, 50);
        }
        for (int i = 0; i < next; i++) {
            connections[i].giveUpOpening();
        }
        for (; next < connections.length; next++) {
            injector.free(connections[next]);
        }
    }

    /// From the first request to the last response.
    void run() throws IOException {
        long now = ticker.nanos();
        while (!stopped.getAsBoolean() && !finished(now)) {
            injector.fire(now, start);
            await(ticker.nanos());
            now = ticker.nanos();
            giveUpLate(now);
            report(now);
        }
    }

    /// Whether it ended by itself.
    boolean finished(long now) {
        return injector.finished(now, inFlight.size());
    }

    private void begin(Connection connection, long due) {
        long now = ticker.nanos();
        measurements.begun(due, connection.free, now);
        inFlight.add(connection);
        connection.begin(due, now);
    }

    private void giveUpLate(long now) {
        while (inFlight.hasDueBy(now - timeoutNanos)) {
            inFlight.oldest().fail(ErrorKind.TIMEOUT);
        }
    }

    /// A time that has passed since [Injector#fire] looked at the clock is not waited for.
    private void await(long now) throws IOException {
        long nanos = restNanos(now);
        if (nanos > 0) {
            selector.select(ready, nanos / 1_000_000 + 1);
        } else {
            selector.selectNow(ready);
        }
    }

    private long restNanos(long now) {
        long nanos = Math.min(injector.restNanos(now), reported + PROGRESS_NANOS - now);
        if (inFlight.size() > 0) {
            nanos = Math.min(nanos, inFlight.oldest().due + timeoutNanos - now);
        }
        return nanos;
    }

    private void report(long now) {
        if (now - reported < PROGRESS_NANOS) {
            return;
        }
        long responses = measurements.responseCount();
        double rate = (responses - reportedResponses) * 1e9 / (now - reported);
        long errors = measurements.errorCount();
        int busy = inFlight.size();
        long waiting = injector.waiting(now);
        Times recent = measurements.recent();
        progress.offer(() -> progress(now, rate, recent.percentiles(), errors, busy, waiting));
        reported = now;
        reportedResponses = responses;
    }

    private Progress progress(
            long now, double rate, Percentiles recent, long errors, int busy, long waiting) {
        return new Progress(
                Duration.ofNanos(now),
                plan.duration(),
                rate,
                recent.p50(),
                recent.p99(),
                errors,
                busy,
                waiting);
    }

    @Override
    public void opened(Connection connection) {
        opening--;
        injector.free(connection);
    }

    @Override
    public void notOpened(Connection connection) {
        opening--;
        injector.free(connection);
    }

    @Override
    public void answered(Connection connection, int status) {
        long now = ticker.nanos();
        inFlight.remove(connection);
        measurements.response(status, connection.due, connection.begun, now);
        connection.free = now;
        injector.free(connection);
    }

    @Override
    public void failed(Connection connection, ErrorKind kind) {
        long now = ticker.nanos();
        inFlight.remove(connection);
        measurements.error(kind, now);
        connection.free = now;
        injector.failed(connection, now);
    }

    void close() {
        for (Connection connection : connections) {
            connection.close();
        }
    }
}
