package io.spvn.bridge.embedded;

import io.spvn.bridge.python.CPython;
import io.spvn.bridge.python.HostModule;
import io.spvn.bridge.python.IdleTime;
import io.spvn.bridge.python.Values;
import io.spvn.bridge.python.WakeFd;
import io.spvn.bridge.worker.VitalSigns;

/// The host functions by which the Python side shows how it does. Called on the worker's thread,
/// but for `stack`, which is called by the thread of `spvn_bridge.watch`, under the same GIL.
final class VitalFunctions {
    private final VitalSigns signs;
    private final Inbox inbox;

    VitalFunctions(VitalSigns signs, Inbox inbox) {
        this.signs = signs;
        this.inbox = inbox;
    }

    void install(HostModule module) {
        module.function("rests", this::rests)
                .function("goes_on", this::goesOn)
                .listFunction("idle_time", this::idleTime)
                .function("deaf", this::deaf)
                .function("watched", this::watched)
                .function("watching", this::watching)
                .listFunction("stack", this::stack);
    }

    /// `rests()`
    private long rests(long self) {
        signs.rests();
        return Values.none();
    }

    /// `goes_on()`
    private long goesOn(long self) {
        signs.goesOn();
        return Values.none();
    }

    /// `idle_time(function, loop)`
    private long idleTime(long self, HostModule.ArgumentList arguments) {
        long function = CPython.longAsLong(arguments.borrowed(0));
        long loop = CPython.longAsLong(arguments.borrowed(1));
        if (function == 0) {
            signs.unfollow();
        } else {
            signs.follow(new IdleTime(function, loop));
        }
        return Values.none();
    }

    /// `deaf()`
    private long deaf(long self) {
        inbox.deafen();
        return Values.none();
    }

    /// `watched() -> bool`
    private long watched(long self) {
        return Values.bool(signs.watched());
    }

    /// `watching(wake_fd)`
    private long watching(long self, long descriptor) {
        WakeFd watcher = WakeFd.copyOf(Math.toIntExact(CPython.longAsLong(descriptor)));
        signs.watchedBy(watcher::wake);
        return Values.none();
    }

    /// `stack(text, exchange_id)`
    private long stack(long self, HostModule.ArgumentList arguments) {
        signs.stackTaken(
                Values.string(arguments.borrowed(0)), CPython.longAsLong(arguments.borrowed(1)));
        return Values.none();
    }
}
