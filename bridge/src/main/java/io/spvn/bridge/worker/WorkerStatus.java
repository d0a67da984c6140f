package io.spvn.bridge.worker;

import java.time.Duration;

/// The vital signs of a worker: what can be said of it from outside, at one moment.
///
/// @param worker its number, from 0
/// @param state where it is in its life
/// @param hung whether its event loop has not come back for longer than
///   [WorkerSettings.Crew#hangTimeout] allows; never, when that is zero
/// @param loopLag how late its event loop came back to the bridge when it was last asked to, which
///   is about twice a second, or how late it is already if that is more
/// @param busy for how long in all its event loop has been at work, by the clock on the wall: since
///   the worker began, without the time in which the loop had nothing to run and waited for a timer
///   or a descriptor; blocking calls of the app count, awaiting does not
/// @param inFlight requests in hand
/// @param host what runs the app
public record WorkerStatus(
        int worker,
        WorkerState state,
        boolean hung,
        Duration loopLag,
        Duration busy,
        int inFlight,
        Host host) {
    /// What runs a worker's app.
    ///
    /// @param kind never `AUTO`, but before there is any news
    /// @param pid its process, 0 for the server's own
    /// @param residentBytes memory of that process, shared pages as well; 0 when it is the server's
    ///   or not known
    public record Host(Isolation kind, long pid, long residentBytes) {
        /// Before there is any news.
        public static final Host UNKNOWN = new Host(Isolation.AUTO, 0, 0);
    }

    /// What a worker is before there is any news of it.
    public static WorkerStatus unknown(int worker) {
        return new WorkerStatus(
                worker, WorkerState.NEW, false, Duration.ZERO, Duration.ZERO, 0, Host.UNKNOWN);
    }

    /// The same, run by that.
    WorkerStatus on(Host where) {
        return new WorkerStatus(worker, state, hung, loopLag, busy, inFlight, where);
    }

    /// Whether it takes requests.
    public boolean serving() {
        return state == WorkerState.SERVING;
    }
}
