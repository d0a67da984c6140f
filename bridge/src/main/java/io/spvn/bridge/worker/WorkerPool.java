package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.ResponseSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The workers of a server: starts them, spreads requests over them, replaces them, ends them. The
/// front door of this package. One that ends by itself is not replaced: who wants that calls
/// [#replace].
///
/// [#submit] is for any number of readers. [#add], [#replace] and [#retire] are for any thread and
/// wait for one another; [#stop] waits for none of them.
public final class WorkerPool implements Dispatcher {
    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());

    /// Start-up of the interpreter and import of the app come on top of the app's own limit.
    private static final Duration IMPORT_ALLOWANCE = Duration.ofMinutes(5);

    private final WorkerSettings settings;
    private final WorkerFactory factory;
    private final Supplier<ResponseSink> sinks;
    private final ExchangeListener exchanges;
    private final Runnable onLost;
    private final RequestQueue requests;
    private final Fleet fleet = new Fleet();
    private final QueueDispatcher dispatcher;
    private final ReentrantLock changes = new ReentrantLock();
    private final HangLog hangLog =
            new HangLog(report -> LOG.log(System.Logger.Level.WARNING, report));
    private volatile @Nullable IsolationChoice choice; // made at the start
    private final AtomicBoolean lost = new AtomicBoolean();
    private volatile boolean booted;
    private volatile boolean stopping;

    /// Workers that are still to be started.
    ///
    /// @param factory makes each of them
    /// @param sinks makes the place where a worker hands over its responses, one for each; the pool
    ///   closes it when the worker has ended
    /// @param onLost called when the last worker has ended though nobody has stopped it
    /// @param exchanges told what becomes of requests
    public WorkerPool(
            WorkerSettings settings,
            WorkerFactory factory,
            Supplier<ResponseSink> sinks,
            Runnable onLost,
            ExchangeListener exchanges) {
        this.settings = settings;
        this.factory = factory;
        this.sinks = sinks;
        this.onLost = onLost;
        this.exchanges = exchanges;
        this.requests = new RequestQueue(settings.queue().capacity(settings.crew().size()));
        this.dispatcher =
                new QueueDispatcher(requests, fleet, settings.queue().timeout(), exchanges);
    }

    // ---- which workers there are

    /// Starts as many workers as the settings ask for, one after the other; the app has started in
    /// each when it returns. To be called once.
    ///
    /// @throws WorkerFailure when one of them cannot be brought up; none is left then
    public void start() throws InterruptedException {
        WorkerSettings.Crew crew = settings.crew();
        choice = IsolationChoice.of(crew.isolation(), crew.size(), settings.python());
        try {
            for (int i = 0; i < crew.size(); i++) {
                add();
            }
            booted = true;
            for (Member member : fleet.inPlace()) {
                requireServing(member.worker().boot()); // one may have ended meanwhile
            }
        } catch (InterruptedException | RuntimeException | Error failure) {
            stop(settings.stop().gracefulTimeout());
            throw failure;
        }
    }

    /// Starts one more worker, which gets requests when this returns. The queue keeps the room that
    /// it has for as many workers as the settings ask for.
    ///
    /// @throws WorkerFailure when it cannot be brought up
    public void add() throws InterruptedException {
        changes.lockInterruptibly();
        try {
            join(started(fleet.freeNumber()));
        } finally {
            changes.unlock();
        }
    }

    /// Has a new worker take the place of another, which gets requests until the new one serves. It
    /// answers those that it has in hand, and then ends.
    ///
    /// @param limit how long its end may take
    /// @return whether it has ended in time
    /// @throws WorkerFailure when the new one cannot be brought up; the other goes on
    public boolean replace(int number, Duration limit) throws InterruptedException {
        Member before;
        changes.lockInterruptibly();
        try {
            before = inPlace(number);
            join(started(number));
        } finally {
            changes.unlock();
        }
        return end(before, limit);
    }

    /// Ends a worker that no other follows. It answers the requests that it has in hand; the others
    /// get all that come or wait.
    ///
    /// @param limit how long its end may take
    /// @return whether it has ended in time
    /// @throws IllegalStateException when no other serves
    public boolean retire(int number, Duration limit) throws InterruptedException {
        Member leaving;
        changes.lockInterruptibly();
        try {
            leaving = inPlace(number);
            if (!fleet.servesWithout(leaving)) {
                throw new IllegalStateException("no worker serves but worker " + number);
            }
            fleet.leave(leaving);
            tellIfLost(); // the others may have ended meanwhile
        } finally {
            changes.unlock();
        }
        return end(leaving, limit);
    }

    private Member inPlace(int number) {
        Member member = fleet.find(number);
        if (member == null) {
            throw new IllegalArgumentException("there is no worker " + number);
        }
        return member;
    }

    private void join(Member member) {
        fleet.join(member);
        tellIfLost(); // it may have ended meanwhile
    }

    /// Ends one that has left its place.
    private boolean end(Member member, Duration limit) throws InterruptedException {
        member.worker().drain();
        member.stop(limit);
        dispatcher.wakeForWaiting(); // for what it was woken for and does not take any more
        return member.worker().awaitEnd(limit);
    }

    /// A worker that serves, but gets no requests yet.
    private Member started(int number) throws InterruptedException {
        Member member = make(number);
        boolean serves = false;
        try {
            Boot failure = fleet.enter(member) ? member.worker().start(bootLimit()) : null;
            if (stopping) {
                throw new WorkerFailure("the server is stopping", "", false);
            }
            requireServing(failure);
            serves = true;
            return member;
        } finally {
            if (!serves) {
                giveUp(member);
            }
        }
    }

    private Member make(int number) {
        IsolationChoice chosen = choice;
        if (chosen == null) {
            throw new IllegalStateException("no worker before start()");
        }
        ResponseSink sink = sinks.get();
        try {
            Worker worker =
                    factory.make(
                            new WorkerFactory.Place(
                                    number,
                                    chosen.isolation(),
                                    requests,
                                    sink,
                                    exchanges,
                                    hangLog,
                                    ended -> ended(new Member(number, ended, sink))));
            return new Member(number, worker, sink);
        } catch (WorkerFailure failure) {
            sink.close();
            throw failure;
        }
    }

    /// Nobody waits any longer for one that did not start.
    private void giveUp(Member member) {
        fleet.forget(member);
        if (member.worker().state() == WorkerState.NEW) {
            member.sink().close();
        } else {
            member.stop(settings.stop().gracefulTimeout());
        }
    }

    private void requireServing(@Nullable Boot failure) {
        if (failure != null) {
            throw failure(failure);
        }
    }

    private WorkerFailure failure(Boot boot) {
        return switch (boot.outcome()) {
            case REFUSED -> new WorkerFailure(refusal(boot.module()), "", true);
            case MISSING, FAILED -> new WorkerFailure(boot.message(), "", false);
            case STOPPED, IMPORT, STARTUP ->
                    new WorkerFailure(boot.message(), boot.traceback(), true);
        };
    }

    private String refusal(String module) {
        IsolationChoice chosen = choice;
        return chosen == null ? module : chosen.refusal(module);
    }

    private Duration bootLimit() {
        return settings.app().startupTimeout().plus(IMPORT_ALLOWANCE);
    }

    /// On the worker's thread.
    private void ended(Member member) {
        member.sink().close();
        if (!fleet.forget(member)) {
            tellIfLost();
        }
    }

    private void tellIfLost() {
        if (booted && !stopping && !fleet.serves() && lost.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.ERROR, "no worker is left: " + complaints());
            dispatcher.refuseWaiting();
            onLost.run();
        }
    }

    private String complaints() {
        return fleet.inPlace().stream()
                .map(member -> member.worker().boot())
                .map(boot -> boot == null ? "" : boot.message())
                .distinct()
                .collect(Collectors.joining("; "));
    }

    // ---- requests

    @Override
    public void submit(Exchange exchange) throws InterruptedException {
        dispatcher.submit(exchange);
    }

    // ---- from time to time

    /// Looks after the workers, and refuses requests that have waited too long for workers that are
    /// too busy to do so. Does not block.
    public void tick() {
        fleet.everyone().forEach(Member::tick);
        requests.sample(System.nanoTime());
        dispatcher.wakeForWaiting();
        dispatcher.refuseLate();
    }

    // ---- what there is to be seen, for any thread

    /// What the workers run the app in, in the words of `--isolation`.
    public String isolation() {
        IsolationChoice chosen = choice;
        return chosen == null ? Isolation.AUTO.label() : chosen.label();
    }

    /// Workers in place.
    public int size() {
        return fleet.inPlace().size();
    }

    /// Requests that wait for a worker.
    public int queueDepth() {
        return requests.depth();
    }

    /// What each worker in place does at this moment, in the order of their numbers.
    public List<WorkerStatus> status() {
        return fleet.inPlace().stream().map(member -> member.worker().status()).toList();
    }

    /// Requests in workers' hands.
    public int inFlight() {
        return fleet.everyone().stream().mapToInt(member -> member.worker().load()).sum();
    }

    /// What the workers that have not ended wait for, in words.
    public List<String> waitsFor() {
        return fleet.everyone().stream()
                .map(member -> member.worker().waitsFor())
                .filter(words -> !words.isEmpty())
                .toList();
    }

    /// Whether the app has been served to the end of its lifespan in all workers.
    public boolean served() {
        return fleet.everyone().stream().allMatch(member -> member.worker().served());
    }

    // ---- the end

    /// Has open streams and long polls brought to their end from now on, since the server stops;
    /// requests that are at work go on.
    public void drain() {
        fleet.everyone().forEach(member -> member.worker().drain());
    }

    /// Ends all workers: requests in hand are answered, the app's lifespan ends in each.
    ///
    /// @param limit the whole time that may take
    /// @return whether all of them ended in time
    public boolean stop(Duration limit) throws InterruptedException {
        stopping = true;
        fleet.close();
        List<Member> all = fleet.everyone();
        all.forEach(member -> member.stop(limit));
        boolean ended = awaitEnds(all, limit);
        all.forEach(Member::tick); // one may have come back from a hang just before its end
        hangLog.close();
        dispatcher.refuseWaiting();
        all.forEach(member -> member.sink().close());
        return ended;
    }

    /// Workers that hang share the time, so that two of them do not take twice as long as one.
    private static boolean awaitEnds(List<Member> members, Duration limit)
            throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        boolean ended = true;
        for (Member member : members) {
            long left = Math.max(0, deadline - System.nanoTime());
            ended &= member.worker().awaitEnd(Duration.ofNanos(left));
        }
        return ended;
    }
}
