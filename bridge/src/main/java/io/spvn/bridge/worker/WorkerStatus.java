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
public record WorkerStatus(
        int worker,
        WorkerState state,
        boolean hung,
        Duration loopLag,
        Duration busy,
        int inFlight) {
    /// What a worker is before there is any news of it.
    public static WorkerStatus unknown(int worker) {
        return new WorkerStatus(worker, WorkerState.NEW, false, Duration.ZERO, Duration.ZERO, 0);
    }

    /// Whether it takes requests.
    public boolean serving() {
        return state == WorkerState.SERVING;
    }
}
