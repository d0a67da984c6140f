package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What can be seen of a worker's event loop from outside: whether it comes back, how late, and for
/// how long it has been at work.
///
/// The worker tells of what it does, but for [#stackTaken], which is for any thread; the clock
/// calls [#tick]; the rest is for readers.
public final class VitalSigns {
    private final Pulse pulse;
    private final Runnable wake;
    private final boolean watched;
    private final HangReports reports;
    private final Occupancy occupancy = new Occupancy(System.nanoTime());
    private volatile @Nullable Runnable watcher;

    /// Of a worker that begins now.
    ///
    /// @param pulse where the worker gives its signs of life
    /// @param wake wakes the worker if it sleeps; does not block
    /// @param hangTimeout how long the loop may stay away; zero: for ever
    /// @param inHand its requests; for any thread
    /// @param log takes one report of a hang; does not block
    public VitalSigns(
            int worker,
            Pulse pulse,
            Runnable wake,
            Duration hangTimeout,
            Supplier<List<Exchange>> inHand,
            Consumer<String> log) {
        this.pulse = pulse;
        this.wake = wake;
        this.watched = !hangTimeout.isZero();
        this.reports =
                new HangReports(
                        worker,
                        pulse,
                        hangTimeout.toNanos(),
                        this::askForStack,
                        new Culprit(inHand),
                        log);
    }

    // ---- worker

    /// The loop is about to sleep.
    public void rests() {
        occupancy.rest(System.nanoTime());
    }

    /// The loop was woken.
    public void goesOn() {
        occupancy.goOn(System.nanoTime());
    }

    /// From now on `rested` tells for how long in all the loop has rested.
    public void follow(LongSupplier rested) {
        occupancy.follow(rested);
    }

    /// What tells how long the loop has rested is about to go; the loop rests for good.
    public void unfollow() {
        occupancy.unfollow(System.nanoTime());
    }

    /// Whether anybody wants to know what holds the loop up.
    public boolean watched() {
        return watched;
    }

    /// From now on there is somebody who can be asked for the stack of what holds the loop up, and
    /// answers with [#stackTaken].
    ///
    /// @param ask does not block
    public void watchedBy(Runnable ask) {
        watcher = ask;
    }

    /// The stack that was asked for. For any thread.
    ///
    /// @param request the number of the one whose code runs, negative when that is not known
    public void stackTaken(String text, long request) {
        reports.stackTaken(text, request);
    }

    /// The loop is over.
    public void end() {
        occupancy.rest(System.nanoTime());
    }

    // ---- clock

    private void askForStack() {
        Runnable ask = watcher;
        if (ask != null) {
            ask.run();
        }
    }

    /// Reports a sign of life that has not come, or has come at last, and asks for the next when
    /// that is due. Called by the clock and, once the worker has ended, by the thread that stops
    /// it.
    public synchronized void tick() {
        reports.tick(System.nanoTime());
        if (pulse.ask(System.nanoTime())) {
            wake.run();
        }
    }

    // ---- readers

    /// What holds the loop up, null when nothing does for too long.
    public @Nullable Hang hang() {
        return reports.hang(System.nanoTime());
    }

    /// What is to be seen at this moment; what runs the app is for others to say.
    public WorkerStatus status(int worker, WorkerState state, int inFlight) {
        long now = System.nanoTime();
        return new WorkerStatus(
                worker,
                state,
                reports.hung(now),
                Duration.ofNanos(pulse.lag(now)),
                Duration.ofNanos(occupancy.busy(now)),
                inFlight,
                WorkerStatus.Host.UNKNOWN);
    }
}
