package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.python.InterpreterKind;
import io.spvn.bridge.python.PythonFailure;
import io.spvn.bridge.python.PythonRuntime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The workers of a server: boots them, spreads requests over them, ends them. The front door of
/// this module.
///
/// Started and stopped by one thread; [#submit] is for any number of readers.
public final class WorkerPool implements Dispatcher {
    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());

    /// Start-up of the interpreter and import of the app come on top of the app's own limit.
    private static final Duration IMPORT_ALLOWANCE = Duration.ofMinutes(5);

    /// A worker is to be at its end so much before the time is up, or a tenth of the time.
    private static final Duration LAST_WORDS = Duration.ofMillis(200);

    /// Told of what concerns the whole process; called on workers' threads.
    public interface Listener {
        /// An interpreter has started, with all that it needs but the app, which is imported when
        /// this returns. It may have changed the process's signal handlers.
        void pythonStarted();

        /// The last worker has ended though nobody has stopped it.
        void workersLost();
    }

    private final WorkerSettings settings;
    private final Supplier<ResponseSink> sinks;
    private final RequestQueue requests;
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final Listener listener;
    private final ExchangeListener exchanges;
    private final HangLog hangLog =
            new HangLog(report -> LOG.log(System.Logger.Level.WARNING, report));
    private volatile InterpreterKind kind = InterpreterKind.MAIN; // chosen at the start
    private volatile boolean booted;
    private volatile boolean stopping;

    /// Workers that are still to be started.
    ///
    /// @param sinks makes the place where a worker hands over its responses, one for each
    /// @param listener told of what concerns the whole process
    /// @param exchanges told what becomes of requests
    public WorkerPool(
            WorkerSettings settings,
            Supplier<ResponseSink> sinks,
            Listener listener,
            ExchangeListener exchanges) {
        this.listener = listener;
        this.exchanges = exchanges;
        this.settings = settings;
        this.sinks = sinks;
        this.requests =
                new RequestQueue(
                        (int)
                                Math.min(
                                        Integer.MAX_VALUE,
                                        (long) settings.queueSize() * settings.workers()));
    }

    /// Starts Python and boots all workers; the app has started in each when it returns. To be
    /// called once per process.
    ///
    /// @throws WorkerFailure when Python or the app cannot be brought up
    public void start() throws InterruptedException {
        kind = kind(settings);
        PythonEnvironment python = settings.python();
        try {
            boot(PythonRuntime.start(python.executable(), python.library(), python.support()));
        } catch (PythonFailure failure) {
            throw new WorkerFailure(String.valueOf(failure.getMessage()), "", false);
        }
    }

    private void boot(PythonRuntime runtime) throws InterruptedException {
        for (int number = 0; number < settings.workers(); number++) {
            Worker next = newWorker(runtime, number);
            requireServing(next.start(bootLimit()));
            workers.add(next);
        }
        booted = true;
        for (Worker worker : workers) {
            requireServing(worker.boot()); // one may have ended while others started
        }
    }

    /// One worker is the main interpreter, where everything runs. Own-GIL interpreters need Python
    /// 3.13: an earlier one aborts when a second imports datetime.
    private static InterpreterKind kind(WorkerSettings settings) {
        if (settings.isolation() == Isolation.MAIN
                || (settings.isolation() == Isolation.AUTO && settings.workers() == 1)) {
            return InterpreterKind.MAIN;
        }
        if (settings.python().isAtLeast(3, 13)) {
            return InterpreterKind.OWN_GIL;
        }
        String version = settings.python().version();
        String message =
                settings.isolation() == Isolation.SUBINTERPRETER
                        ? "--isolation subinterpreter needs Python 3.13 or newer, this is "
                                + version
                        : "Python %s can run one worker in a process, but %d were asked for; use --workers 1"
                                .formatted(version, settings.workers());
        throw new WorkerFailure(message, "", false);
    }

    private Worker newWorker(PythonRuntime runtime, int number) {
        return new Worker(
                number,
                kind,
                runtime,
                settings,
                requests,
                sinks.get(),
                exchanges,
                hangLog,
                listener::pythonStarted,
                this::workerEnded);
    }

    private void requireServing(@Nullable Boot failure) throws InterruptedException {
        if (failure == null) {
            return;
        }
        stop(settings.gracefulTimeout());
        switch (failure.outcome()) {
            case REFUSED -> throw new WorkerFailure(refusal(failure.module()), "", true);
            case MISSING, BROKEN -> throw new WorkerFailure(failure.message(), "", false);
            case STOPPED, IMPORT, STARTUP ->
                    throw new WorkerFailure(failure.message(), failure.traceback(), true);
        }
    }

    private String refusal(String module) {
        boolean one = settings.workers() == 1;
        return "%s does not support sub-interpreters, which %s; %s"
                .formatted(
                        module,
                        one
                                ? "--isolation subinterpreter demands"
                                : settings.workers() + " workers need",
                        one ? "use --isolation main" : "use --workers 1");
    }

    private Duration bootLimit() {
        return settings.startupTimeout().plus(IMPORT_ALLOWANCE);
    }

    /// What kind of interpreter the workers run in, in the words of `--isolation`.
    public String isolation() {
        return kind == InterpreterKind.MAIN ? "main" : "subinterpreter";
    }

    public int size() {
        return workers.size();
    }

    /// Requests that wait for a worker.
    public int queueDepth() {
        return requests.depth();
    }

    /// What each worker does at this moment. For any thread.
    public List<WorkerStatus> status() {
        return workers.stream().map(Worker::status).toList();
    }

    @Override
    public void submit(Exchange exchange) throws InterruptedException {
        exchange.queued();
        if (!serving()) {
            refuse(exchange, Rejected.STOPPING);
        } else if (requests.isHopeless(settings.queueTimeout())) {
            refuse(exchange, Rejected.OVERLOAD);
        } else if (requests.put(exchange, settings.queueTimeout())) {
            wakeOne();
            if (!serving()) {
                refuseWaiting(); // the last worker has ended meanwhile
            }
        } else {
            refuse(exchange, Rejected.QUEUE_FULL);
        }
    }

    private void refuse(Exchange exchange, Rejected reason) {
        if (exchange.abandoned()) {
            RefusalLog.abandoned(exchanges, exchange);
            return;
        }
        exchange.refuse(reason);
        exchange.transport().write(exchange);
    }

    private boolean serving() {
        for (int i = 0; i < workers.size(); i++) {
            if (workers.get(i).serving()) {
                return true;
            }
        }
        return false;
    }

    /// Wakes the least busy of the workers that sleep. One that is awake looks into the queue
    /// before it sleeps, so there is nothing to do when none sleeps.
    private void wakeOne() {
        Worker chosen = leastBusySleeper();
        while (chosen != null && !chosen.wake()) {
            chosen = leastBusySleeper();
        }
    }

    private @Nullable Worker leastBusySleeper() {
        Worker best = null;
        int least = Integer.MAX_VALUE;
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            if (worker.asleep() && worker.load() < least) {
                best = worker;
                least = worker.load();
            }
        }
        return best;
    }

    /// Looks after the workers, and refuses requests that have waited too long for workers that are
    /// too busy to do so. To be called from time to time; does not block.
    public void tick() {
        workers.forEach(Worker::tick);
        requests.sample(System.nanoTime());
        if (!requests.isEmpty()) {
            wakeOne(); // the one that was woken for them may be held up by its app
        }
        refuseLate();
    }

    private void refuseLate() {
        long then = System.nanoTime() - settings.queueTimeout().toNanos();
        for (Exchange late = requests.pollQueuedBefore(then);
                late != null;
                late = requests.pollQueuedBefore(then)) {
            Exchange exchange = late;
            Thread.startVirtualThread(() -> refuse(exchange, Rejected.QUEUE_TIMEOUT));
        }
    }

    private void workerEnded() {
        if (booted && !stopping && !serving()) {
            LOG.log(System.Logger.Level.ERROR, "no worker is left: " + complaints());
            refuseWaiting();
            listener.workersLost();
        }
    }

    private String complaints() {
        return workers.stream()
                .map(Worker::boot)
                .map(boot -> boot == null ? "" : boot.message())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    /// Has open streams and long polls brought to their end from now on, since the server stops;
    /// requests that are at work go on.
    public void drain() {
        workers.forEach(Worker::drain);
    }

    /// Ends all workers: requests in hand are answered, the app's lifespan ends in each.
    ///
    /// @param limit the whole time that may take
    /// @return whether all of them ended in time
    public boolean stop(Duration limit) throws InterruptedException {
        stopping = true;
        Duration tenth = limit.dividedBy(10);
        Duration spare = tenth.compareTo(LAST_WORDS) < 0 ? tenth : LAST_WORDS;
        workers.forEach(worker -> worker.stop(limit.minus(spare)));
        boolean ended = awaitEnds(limit);
        workers.forEach(Worker::tick); // one may have come back from a hang just before its end
        hangLog.close();
        refuseWaiting();
        return ended;
    }

    /// Requests in workers' hands.
    public int inFlight() {
        return workers.stream().mapToInt(Worker::load).sum();
    }

    /// What the workers that have not ended wait for, in words.
    public List<String> waitsFor() {
        return workers.stream().map(Worker::waitsFor).filter(words -> !words.isEmpty()).toList();
    }

    /// Whether the app has been served to the end of its lifespan in all workers.
    public boolean served() {
        return workers.stream().allMatch(Worker::served);
    }

    /// Workers that hang share the time, so that two of them do not take twice as long as one.
    private boolean awaitEnds(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean ended = true;
        for (Worker worker : workers) {
            long left = Math.max(0, deadline - System.nanoTime());
            ended &= worker.awaitEnd(Duration.ofNanos(left));
        }
        return ended;
    }

    private void refuseWaiting() {
        for (Exchange waiting = requests.poll(); waiting != null; waiting = requests.poll()) {
            Exchange exchange = waiting;
            Thread.startVirtualThread(() -> refuse(exchange, Rejected.STOPPING));
        }
    }
}
