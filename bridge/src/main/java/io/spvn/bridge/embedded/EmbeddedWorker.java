package io.spvn.bridge.embedded;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.python.Interpreter;
import io.spvn.bridge.python.InterpreterKind;
import io.spvn.bridge.python.PythonFailure;
import io.spvn.bridge.python.PythonRuntime;
import io.spvn.bridge.worker.Boot;
import io.spvn.bridge.worker.ExchangeTable;
import io.spvn.bridge.worker.Farewell;
import io.spvn.bridge.worker.Hang;
import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.VitalSigns;
import io.spvn.bridge.worker.Worker;
import io.spvn.bridge.worker.WorkerFactory.Place;
import io.spvn.bridge.worker.WorkerLife;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.bridge.worker.WorkerState;
import io.spvn.bridge.worker.WorkerStatus;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One interpreter at work, on a platform thread of its own that sits inside the app's event loop
/// from start to stop.
///
/// The thread has a deep stack: a recursion that runs away must end as RecursionError in Python,
/// not as an overflow of the native stack.
final class EmbeddedWorker implements Worker {
    private static final long STACK_BYTES = 64L * 1024 * 1024;

    private final Place place;
    private final InterpreterKind kind;
    private final PythonRuntime runtime;
    private final Inbox inbox;
    private final VitalSigns signs;
    private final Farewell farewell;
    private final ExchangeTable exchanges = new ExchangeTable();
    private final WorkerLife life = new WorkerLife();
    private final Session session;
    private final Thread thread;

    EmbeddedWorker(
            Place place,
            InterpreterKind kind,
            PythonRuntime runtime,
            WorkerSettings settings,
            Runnable onPythonStarted) {
        this.place = place;
        this.kind = kind;
        this.runtime = runtime;
        Pulse pulse = new Pulse();
        this.inbox = new Inbox(place.requests(), pulse);
        this.signs =
                new VitalSigns(
                        place.number(),
                        pulse,
                        inbox::wakeWorker,
                        settings.crew().hangTimeout(),
                        this::inHand,
                        place.hangLog());
        this.farewell = new Farewell(inbox::drain, settings.stop().streamGrace());
        this.session =
                new Session(
                        place,
                        settings,
                        new Session.Parts(inbox, exchanges, farewell, signs),
                        onPythonStarted,
                        this::serves);
        this.thread = new Thread(null, this::live, "worker-" + place.number(), STACK_BYTES);
        thread.setDaemon(true);
    }

    @Override
    public @Nullable Boot start(Duration limit) throws InterruptedException {
        life.move(WorkerState.BOOTING);
        thread.start();
        return life.awaitServing(limit);
    }

    /// One that was told to stop while it started does so at once.
    private void serves() {
        life.move(WorkerState.SERVING);
        if (inbox.stopping()) {
            life.move(WorkerState.STOPPING);
        }
    }

    @Override
    public WorkerState state() {
        return life.now();
    }

    @Override
    public int load() {
        return exchanges.size();
    }

    @Override
    public List<Exchange> inHand() {
        return exchanges.seen();
    }

    @Override
    public long taken() {
        return exchanges.added();
    }

    @Override
    public @Nullable Hang hang() {
        return signs.hang();
    }

    @Override
    public WorkerStatus status() {
        return signs.status(place.number(), life.now(), load());
    }

    /// From when it serves on.
    @Override
    public void tick() {
        if (life.now().isAtLeast(WorkerState.SERVING)) {
            signs.tick();
            farewell.tick(System.nanoTime());
        }
    }

    @Override
    public boolean asleep() {
        return inbox.asleep();
    }

    @Override
    public boolean wake() {
        return inbox.wakeWorker();
    }

    @Override
    public void drain() {
        farewell.begin();
    }

    @Override
    public String waitsFor() {
        return farewell.waitsFor(place.number(), life.now(), inbox.stopTaken());
    }

    @Override
    public boolean served() {
        Boot end = life.end();
        return end == null ? farewell.served() : end.outcome() == Boot.Outcome.STOPPED;
    }

    @Override
    public void stop(Duration limit) {
        inbox.stop(limit);
        life.move(WorkerState.STOPPING);
    }

    @Override
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return life.await(WorkerState.ENDED, limit);
    }

    @Override
    public @Nullable Boot boot() {
        return life.end();
    }

    private void live() {
        Boot outcome = Boot.failed("the worker did not run");
        try {
            outcome = run();
        } catch (PythonFailure failure) {
            outcome = Boot.failed(String.valueOf(failure.getMessage()));
        } catch (Throwable failure) {
            String complaint = "worker " + place.number() + " failed";
            System.getLogger(EmbeddedWorker.class.getName())
                    .log(System.Logger.Level.ERROR, complaint, failure);
            outcome = Boot.failed(complaint + ": " + failure);
        } finally {
            inbox.close();
            signs.end();
            life.end(outcome);
            endAll();
            place.onEnd().accept(this);
        }
    }

    private Boot run() {
        Interpreter interpreter = runtime.open(kind);
        interpreter.enter(session);
        return session.outcome();
    }

    /// Nobody will answer these any more.
    private void endAll() {
        ResponseSink sink = place.sink();
        for (Exchange exchange : exchanges.all()) {
            exchange.appEnded(true);
            sink.ready(exchange);
        }
        sink.flush();
    }
}
