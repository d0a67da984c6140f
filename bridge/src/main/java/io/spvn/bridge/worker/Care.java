package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.RequestQueue;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a pool does for workers that can be replaced, put together. The most urgent comes first:
///
///     departures   those that do not leave in time are killed
///     hangs        so are those that hang, where that is asked for
///     reload       all are replaced at once
///     deaths       others follow those that have ended by themselves
///     resizing     one is added, or leaves
///     roll         all are replaced one after the other
///     retirement   one that has done enough is replaced
///
/// For any thread; nothing blocks.
final class Care {
    private final Restarts restarts = new Restarts();
    private final Deaths deaths;
    private final Reloads reloads;
    private final Resizing resizing;
    private final Rolls rolls;
    private final Supervisor supervisor;

    /// @param onHopeless told why no worker will serve any more
    /// @param onRelease called once requests are held no longer
    Care(
            WorkerSettings settings,
            Fleet fleet,
            Staff staff,
            RequestQueue requests,
            Consumer<WorkerFailure> onHopeless,
            Runnable onRelease,
            LongSupplier clock) {
        Departures departures = new Departures(staff, settings.stop().gracefulTimeout(), clock);
        Replacement replacement = new Replacement(staff, departures, restarts);
        this.deaths = new Deaths(fleet, staff, departures, restarts, onHopeless, clock);
        this.reloads =
                new Reloads(
                        settings.crew().size(),
                        fleet,
                        staff,
                        deaths,
                        restarts,
                        requests,
                        onRelease);
        this.resizing = new Resizing(fleet, staff, departures);
        this.rolls = new Rolls(fleet, replacement, staff::renew);
        this.supervisor =
                new Supervisor(
                        List.of(
                                departures,
                                new Hangs(fleet, settings.supervision().hangAction()),
                                reloads,
                                deaths,
                                resizing,
                                rolls,
                                new Retirements(fleet, replacement, clock)),
                        clock);
    }

    /// Begins. Before that nothing is done.
    void begin() {
        supervisor.begin();
        supervisor.wake();
    }

    /// Does nothing more; waits for nothing.
    void close() {
        supervisor.close();
    }

    /// Whether one that ends is followed by another.
    boolean follows() {
        return supervisor.active() && !reloads.failed();
    }

    /// See [WorkerPool#roll].
    void roll(RestartReason reason, Runnable told) {
        rolls.ask(reason, told);
        supervisor.wake();
    }

    /// See [WorkerPool#resize].
    void resize(int change) {
        resizing.ask(change);
        supervisor.wake();
    }

    /// See [WorkerPool#expectReload].
    void expectReload() {
        reloads.expect();
    }

    /// See [WorkerPool#callOffReload].
    void callOffReload() {
        reloads.callOff();
    }

    /// Has nobody follow until a reload.
    void giveUp(WorkerFailure why) {
        reloads.giveUp(why);
    }

    /// Why there is nobody until a reload, "" when that is not so.
    String fault() {
        return reloads.fault();
    }

    /// See [WorkerPool#reload].
    void reload(Duration limit, Consumer<@Nullable WorkerFailure> told) {
        reloads.ask(limit, told);
        supervisor.wake();
    }

    /// There may be something to do.
    void look() {
        supervisor.wake();
    }

    /// See [WorkerPool#tick].
    void tick(long now) {
        supervisor.tick(now);
    }

    /// So many have taken another's place.
    long restarts(RestartReason reason) {
        return restarts.of(reason);
    }
}
