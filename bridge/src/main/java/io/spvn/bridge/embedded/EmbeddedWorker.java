package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.python.Interpreter;
import io.spvn.bridge.python.InterpreterKind;
import io.spvn.bridge.python.PythonFailure;
import io.spvn.bridge.python.PythonRuntime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One interpreter at work, on a platform thread of its own that sits inside the app's event loop
/// from start to stop.
///
/// The thread has a deep stack: a recursion that runs away must end as RecursionError in Python,
/// not as an overflow of the native stack.
final class Worker {
    private static final long STACK_BYTES = 64L * 1024 * 1024;

    private final int number;
    private final InterpreterKind kind;
    private final PythonRuntime runtime;
    private final WorkerSettings settings;
    private final ResponseSink sink;
    private final ExchangeListener listener;
    private final Runnable onBegin;
    private final Runnable onEnd;
    private final Inbox inbox;
    private final Vitals vitals;
    private final Farewell farewell;
    private final ExchangeTable exchanges = new ExchangeTable();
    private final WorkerState state = new WorkerState();
    private final Thread thread;

    private volatile @Nullable Boot boot;

    Worker(
            int number,
            InterpreterKind kind,
            PythonRuntime runtime,
            WorkerSettings settings,
            RequestQueue requests,
            ResponseSink sink,
            ExchangeListener listener,
            Consumer<String> hangLog,
            Runnable onBegin,
            Runnable onEnd) {
        this.number = number;
        this.kind = kind;
        this.runtime = runtime;
        this.settings = settings;
        this.sink = sink;
        this.listener = listener;
        this.onBegin = onBegin;
        this.onEnd = onEnd;
        this.inbox = new Inbox(requests);
        this.vitals = new Vitals(number, inbox, settings.hangTimeout(), hangLog);
        this.farewell = new Farewell(inbox, settings.streamGrace());
        this.thread = new Thread(null, this::live, "worker-" + number, STACK_BYTES);
        thread.setDaemon(true);
    }

    /// Starts it and waits until the app serves.
    ///
    /// @return null when it serves, else why it does not
    @Nullable Boot start(Duration limit) throws InterruptedException {
        state.move(WorkerState.State.BOOTING);
        thread.start();
        if (!state.await(WorkerState.State.SERVING, limit)) {
            return new Boot(
                    Boot.Outcome.STARTUP,
                    "the app is still not imported and started after " + limit.toSeconds() + " s",
                    "",
                    "");
        }
        return state.now() == WorkerState.State.ENDED ? boot : null;
    }

    /// Requests in hand.
    int load() {
        return exchanges.size();
    }

    WorkerStatus status() {
        return new WorkerStatus(
                number,
                state.now().name().toLowerCase(Locale.ROOT),
                vitals.hung(),
                vitals.lag(),
                vitals.busy(),
                load());
    }

    /// Looks after its signs of life, from when it serves on. Called often; does not block.
    void tick() {
        if (state.now().compareTo(WorkerState.State.SERVING) >= 0) {
            vitals.tick();
            farewell.tick(System.nanoTime());
        }
    }

    boolean asleep() {
        return inbox.asleep();
    }

    /// Wakes it if it sleeps.
    ///
    /// @return whether this call has woken it
    boolean wake() {
        return inbox.wakeWorker();
    }

    boolean serving() {
        return state.now() == WorkerState.State.SERVING;
    }

    /// Has it bring open streams and long polls to their end, since the server stops.
    void drain() {
        farewell.begin();
    }

    /// What it waits for before it can end, in words; "" for nothing.
    String waitsFor() {
        return switch (state.now()) {
            case STOPPING -> inbox.stopTaken() ? farewell.waitsFor() : blocked();
            case BOOTING -> "the start of worker " + number;
            case NEW, SERVING, ENDED -> "";
        };
    }

    private String blocked() {
        return "worker " + number + ", whose event loop is blocked";
    }

    /// Whether its app has been served to the end of its lifespan, so that only its threads and
    /// exit handlers may still be there.
    boolean served() {
        return state.now() == WorkerState.State.ENDED || farewell.served();
    }

    /// Asks it to finish: what is in hand is answered, then the app's lifespan ends.
    void stop(Duration limit) {
        state.move(WorkerState.State.STOPPING);
        inbox.stop(limit);
    }

    /// Waits for its end.
    boolean awaitEnd(Duration limit) throws InterruptedException {
        return state.await(WorkerState.State.ENDED, limit);
    }

    /// How it ended, null while it lives.
    @Nullable Boot boot() {
        return boot;
    }

    private void live() {
        Boot outcome = broken("the worker did not run");
        try {
            outcome = run();
        } catch (PythonFailure failure) {
            outcome = broken(String.valueOf(failure.getMessage()));
        } catch (Throwable failure) {
            System.getLogger(Worker.class.getName())
                    .log(System.Logger.Level.ERROR, "worker " + number + " failed", failure);
            outcome = broken("worker " + number + " failed: " + failure);
        } finally {
            boot = outcome;
            inbox.close();
            vitals.end();
            state.move(WorkerState.State.ENDED);
            abandonAll();
            onEnd.run();
        }
    }

    private Boot run() {
        Interpreter interpreter = runtime.open(kind);
        Session session = new Session();
        interpreter.enter(session);
        return session.outcome;
    }

    /// Nobody will answer these any more.
    private void abandonAll() {
        for (Exchange exchange : exchanges.all()) {
            exchange.appEnded();
            sink.ready(exchange);
        }
        sink.flush();
    }

    private static Boot broken(String message) {
        return new Boot(Boot.Outcome.BROKEN, message, "", "");
    }

    /// What the thread does inside its interpreter, with the GIL held.
    private final class Session implements Runnable {
        private Boot outcome = broken("the app did not run");

        @Override
        public void run() {
            new AsgiHost(
                    inbox,
                    vitals,
                    exchanges,
                    farewell,
                    sink,
                    listener,
                    settings.rootPath(),
                    settings.queueTimeout(),
                    () -> state.move(WorkerState.State.SERVING));
            PythonSide python = new PythonSide();
            onBegin.run();
            outcome = python.main(pythonSettings());
        }
    }

    private Map<String, Object> pythonSettings() {
        AppRef app = settings.app();
        Map<String, Object> values = new HashMap<>();
        values.put("target", app.target());
        values.put("app_dir", app.appDir().toString());
        values.put("interface", app.appInterface().name().toLowerCase(Locale.ROOT));
        values.put("factory", app.factory());
        values.put("lifespan", settings.lifespan().name().toLowerCase(Locale.ROOT));
        values.put("startup_timeout", settings.startupTimeout().toMillis() / 1000.0);
        values.put("root_path", settings.rootPath());
        values.put("argv", settings.argv());
        values.put("support", settings.python().support().toString());
        values.put("worker", number);
        values.put("loop", settings.loop().name().toLowerCase(Locale.ROOT));
        values.put("isolation", kind == InterpreterKind.MAIN ? "main" : "subinterpreter");
        return values;
    }
}
