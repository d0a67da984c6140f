package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.ResponseSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The workers of a server: starts them, spreads requests over them, replaces them, ends them. The
/// front door of this package.
///
/// Workers of a kind that can be replaced are, by a [Supervisor]: when they end by themselves, when
/// they have done enough, when somebody asks for it. While another is to come requests wait for it.
/// Of the other kinds, one that ends is not followed, and with the last of them the pool is lost;
/// but where sub-interpreters were chosen by ourselves and a module turns out to refuse them,
/// processes take their places, one after the other.
///
/// [#submit] is for any number of readers. [#add], [#replace] and [#retire] are for any thread and
/// wait for one another; [#stop] waits for none of them.
public final class WorkerPool implements Dispatcher, Reloadable {
    private static final System.Logger LOG = System.getLogger(WorkerPool.class.getName());

    private final WorkerSettings settings;
    private final Consumer<WorkerFailure> onLost;
    private final LongSupplier clock;
    private final RequestQueue requests;
    private final Fleet fleet = new Fleet();
    private final QueueDispatcher dispatcher;
    private final HangLog hangLog =
            new HangLog(report -> LOG.log(System.Logger.Level.WARNING, report));
    private final ChosenKind kind;
    private final Launcher launcher;
    private final Staff staff;
    private final Care care;
    private final AtomicBoolean lost = new AtomicBoolean();
    private volatile boolean booted;
    private volatile boolean stopping;
    private volatile boolean reloadable;

    /// Workers that are still to be started.
    ///
    /// @param factory makes each of them
    /// @param trial is asked what to run the app in, if that is open
    /// @param sinks makes the place where a worker hands over its responses, one for each; the pool
    ///   closes it when the worker has ended
    /// @param onLost told why no worker serves any more, and none is to come, though nobody has
    ///   stopped them; whether the app is at fault says whether that is a crash loop
    /// @param exchanges told what becomes of requests
    public WorkerPool(
            WorkerSettings settings,
            WorkerFactory factory,
            Trial trial,
            Supplier<ResponseSink> sinks,
            Consumer<WorkerFailure> onLost,
            ExchangeListener exchanges) {
        this(settings, factory, trial, sinks, onLost, exchanges, System::nanoTime);
    }

    /// @param clock by which workers are replaced
    WorkerPool(
            WorkerSettings settings,
            WorkerFactory factory,
            Trial trial,
            Supplier<ResponseSink> sinks,
            Consumer<WorkerFailure> onLost,
            ExchangeListener exchanges,
            LongSupplier clock) {
        this.settings = settings;
        this.kind = new ChosenKind(settings, trial, this::replaceOthers);
        this.onLost = onLost;
        this.clock = clock;
        this.requests = new RequestQueue(settings.queue().capacity(settings.crew().size()));
        this.dispatcher =
                new QueueDispatcher(
                        requests,
                        fleet,
                        this::open,
                        this::fault,
                        settings.queue().timeout(),
                        exchanges);
        this.launcher =
                new Launcher(
                        settings,
                        factory,
                        sinks,
                        fleet,
                        kind,
                        new Launcher.Shared(
                                requests, exchanges, kind::refused, hangLog, this::ended),
                        clock);
        this.staff = new Staff(fleet, launcher, dispatcher, this::changed);
        this.care = new Care(settings, fleet, staff, requests, this::lose, this::released, clock);
    }

    // ---- which workers there are

    /// Decides what the workers run the app in. [#start] does so if nobody has before.
    ///
    /// @throws WorkerFailure when nothing does for what the settings ask for
    public void choose() throws InterruptedException {
        kind.choose();
    }

    /// Those of another kind than was chosen last are replaced, once all have started.
    private void replaceOthers() {
        if (booted && replaceable()) {
            care.begin();
            care.roll(RestartReason.REFUSED, () -> {});
        }
    }

    /// Whether workers can be replaced; false before [#choose].
    public boolean replaceable() {
        return kind.replaceable();
    }

    /// Starts as many workers as the settings ask for, one after the other; the app has started in
    /// each when it returns. To be called once.
    ///
    /// @throws WorkerFailure when one of them cannot be brought up; none is left then
    public void start() throws InterruptedException {
        choose();
        try {
            for (int i = 0; i < settings.crew().size(); i++) {
                staff.add();
            }
            booted = true;
            for (Member member : fleet.inPlace()) {
                launcher.requireServing(member.worker().boot()); // one may have ended meanwhile
            }
        } catch (InterruptedException | RuntimeException | Error failure) {
            stop(settings.stop().gracefulTimeout());
            throw failure;
        }
        if (replaceable()) {
            care.begin();
        }
        if (!fleet.inPlace().stream().allMatch(kind::isOf)) {
            replaceOthers(); // the first was not refused what a later one was
        }
    }

    /// Starts one more worker, which gets requests when this returns.
    ///
    /// @throws WorkerFailure when it cannot be brought up
    /// @throws java.util.concurrent.CancellationException when the pool has been stopped
    public void add() throws InterruptedException {
        staff.add();
    }

    /// Has a new worker take the place of another, which gets requests until the new one serves. It
    /// answers those that it has in hand, and then ends.
    ///
    /// @param limit how long its end may take
    /// @return whether it has ended in time
    /// @throws WorkerFailure when the new one cannot be brought up; the other goes on
    /// @throws IllegalStateException when workers of this kind cannot be replaced
    public boolean replace(int number, Duration limit) throws InterruptedException {
        if (!replaceable()) {
            throw new IllegalStateException(
                    "workers of kind " + isolation() + " cannot be replaced inside a process");
        }
        return end(staff.succeed(number), limit);
    }

    /// Ends a worker that no other follows. It answers the requests that it has in hand; the others
    /// get all that come or wait.
    ///
    /// @param limit how long its end may take
    /// @return whether it has ended in time
    /// @throws IllegalStateException when no other serves
    public boolean retire(int number, Duration limit) throws InterruptedException {
        return end(staff.leave(number), limit);
    }

    /// Ends one that has left its place.
    private boolean end(Member member, Duration limit) throws InterruptedException {
        staff.dismiss(member, limit);
        return member.worker().awaitEnd(limit);
    }

    /// Has all workers replaced, one after the other, each by one that serves before it is told to
    /// leave. Asked again meanwhile, once more after that. Returns at once; nothing happens when
    /// they cannot be replaced.
    ///
    /// @param told called when that is over, unless it is asked for again
    public void roll(Runnable told) {
        care.roll(RestartReason.HANGUP, told);
    }

    /// Has a worker added, or one leave, but never the last. Returns at once; nothing happens when
    /// they cannot be replaced.
    ///
    /// @param change of the number of workers
    public void resize(int change) {
        care.resize(change);
    }

    /// Begins without workers: the first ones come with the first reload. In place of [#start], for
    /// workers that can be replaced. Their end never loses the pool: there may be another reload.
    ///
    /// @throws WorkerFailure when nothing does for what the settings ask for
    public void startReloadable() throws InterruptedException {
        choose();
        if (!replaceable()) {
            throw new IllegalStateException("workers of kind " + isolation() + " stay");
        }
        reloadable = true;
        booted = true;
        care.begin();
    }

    @Override
    public void expectReload() {
        care.expectReload();
    }

    @Override
    public void callOffReload() {
        care.callOffReload();
    }

    @Override
    public void reload(Duration limit, Consumer<@Nullable WorkerFailure> told) {
        care.reload(limit, told);
    }

    /// Why no worker serves, for who may know.
    private String fault() {
        return care.fault();
    }

    /// Requests are held no longer.
    private void released() {
        dispatcher.wakeForWaiting();
        if (!open()) {
            dispatcher.refuseWaiting();
        }
    }

    /// One has come, or left.
    private void changed() {
        if (booted) {
            requests.resize(settings.queue().capacity(fleet.inPlace().size()));
            dispatcher.wakeForWaiting();
        }
        tellIfLost();
    }

    /// On the worker's thread.
    private void ended(Member member) {
        if (!fleet.forget(member)) {
            tellIfLost();
        }
        care.look();
    }

    /// Whether requests are taken, if not at this moment then soon.
    private boolean open() {
        return fleet.serves() || othersFollow();
    }

    private boolean othersFollow() {
        return care.follows() && !stopping && !lost.get();
    }

    private void tellIfLost() {
        if (booted && !replaceable() && !fleet.serves()) {
            lose(new WorkerFailure(fleet.complaints(), "", false));
        }
    }

    /// No worker serves, and none is to come.
    private void lose(WorkerFailure why) {
        if (reloadable) {
            care.giveUp(why);
            return;
        }
        if (!stopping && lost.compareAndSet(false, true)) {
            LOG.log(System.Logger.Level.ERROR, why.report("no worker is left: "));
            care.close();
            dispatcher.refuseWaiting();
            onLost.accept(why);
        }
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
        long now = clock.getAsLong();
        fleet.everyone().forEach(member -> member.tick(now));
        care.tick(now);
        requests.sample(System.nanoTime());
        dispatcher.wakeForWaiting();
        dispatcher.refuseLate();
    }

    // ---- what there is to be seen, for any thread

    /// What the workers run the app in, in the words of `--isolation`.
    public String isolation() {
        return kind.label();
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
        return fleet.inPlace().stream().map(Member::status).toList();
    }

    /// What there is to be seen by who looks closely.
    public Census census() {
        return new Census(fleet, requests);
    }

    /// Workers that have taken another's place, so far.
    public long restarts(RestartReason reason) {
        return care.restarts(reason);
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

    private static boolean starts(Member member) {
        return member.worker().state() == WorkerState.BOOTING;
    }

    /// Ends all workers: requests in hand are answered, the app's lifespan ends in each. Those that
    /// start and can be killed are not waited for.
    ///
    /// @param limit the whole time that may take
    /// @return whether all of them ended in time
    public boolean stop(Duration limit) throws InterruptedException {
        stopping = true;
        care.close();
        launcher.stop();
        fleet.close();
        List<Member> all = fleet.everyone();
        all.forEach(member -> member.stop(limit));
        all.stream().filter(WorkerPool::starts).forEach(member -> member.worker().kill());
        boolean ended = Ends.await(all, limit);
        all.stream().filter(member -> !member.hasEnded()).forEach(member -> member.worker().kill());
        long now = clock.getAsLong(); // one may have come back from a hang before its end
        all.forEach(member -> member.tick(now));
        hangLog.close();
        dispatcher.refuseWaiting();
        all.forEach(member -> member.sink().close());
        return ended;
    }
}
