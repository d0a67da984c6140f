package io.spvn.bridge.worker;

import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.python.IdleTime;
import io.spvn.bridge.python.Values;
import io.spvn.bridge.python.WakeFd;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What can be seen of a worker's event loop from outside: whether it comes back, how late, and for
/// how long it has been at work.
///
/// The worker's thread calls the host functions, but for `stack`, which is called by the thread of
/// `spvn_bridge.watch`, under the same GIL. The rest is for the clock and for readers.
final class Vitals {
    private final Inbox inbox;
    private final boolean watched;
    private final HangReports reports;
    private final Occupancy occupancy = new Occupancy(System.nanoTime());
    private volatile @Nullable WakeFd watcher;

    /// @param hangTimeout how long the loop may stay away; zero: for ever
    /// @param log takes one report of a hang; does not block
    Vitals(int worker, Inbox inbox, Duration hangTimeout, Consumer<String> log) {
        this.inbox = inbox;
        this.watched = !hangTimeout.isZero();
        this.reports =
                new HangReports(
                        worker, inbox.pulse(), hangTimeout.toNanos(), this::wakeWatcher, log);
    }

    /// Adds the host functions by which the Python side shows how it does.
    HostModule install(HostModule module) {
        return module.function("rests", this::rests)
                .function("goes_on", this::goesOn)
                .listFunction("idle_time", this::idleTime)
                .function("deaf", this::deaf)
                .function("watched", this::watched)
                .function("watching", this::watching)
                .function("stack", this::stack);
    }

    /// `rests()`
    private long rests(long self) {
        occupancy.rest(System.nanoTime());
        return none();
    }

    /// `goes_on()`
    private long goesOn(long self) {
        occupancy.goOn(System.nanoTime());
        return none();
    }

    /// `idle_time(function, loop)`
    private long idleTime(long self, HostModule.ArgumentList arguments) {
        long function = CPython.longAsLong(arguments.borrowed(0));
        long loop = CPython.longAsLong(arguments.borrowed(1));
        if (function == 0) {
            occupancy.unfollow(System.nanoTime());
        } else {
            occupancy.follow(new IdleTime(function, loop));
        }
        return none();
    }

    /// `deaf()`
    private long deaf(long self) {
        inbox.deafen();
        return none();
    }

    /// `watched() -> bool`
    private long watched(long self) {
        return Values.of(watched);
    }

    /// `watching(wake_fd)`
    private long watching(long self, long descriptor) {
        watcher = WakeFd.copyOf(Math.toIntExact(CPython.longAsLong(descriptor)));
        return none();
    }

    /// `stack(text)`
    private long stack(long self, long text) {
        reports.stackTaken(Values.string(text));
        return none();
    }

    private void wakeWatcher() {
        WakeFd descriptor = watcher;
        if (descriptor != null) {
            descriptor.wake();
        }
    }

    /// Reports a sign of life that has not come, or has come at last, and asks for the next when
    /// that is due. Called by the clock and, once the worker has ended, by the thread that stops
    /// it.
    synchronized void tick() {
        reports.tick(System.nanoTime());
        inbox.askForLife();
    }

    /// Worker: its loop is over.
    void end() {
        occupancy.rest(System.nanoTime());
    }

    boolean hung() {
        return reports.hung(System.nanoTime());
    }

    Duration lag() {
        return Duration.ofNanos(inbox.pulse().lag(System.nanoTime()));
    }

    Duration busy() {
        return Duration.ofNanos(occupancy.busy(System.nanoTime()));
    }

    private static long none() {
        CPython.incRef(CPython.NONE);
        return CPython.NONE;
    }
}
