package io.spvn.server.observe;

import java.time.Duration;
import java.util.List;

/// What can be said of a worker at one moment.
///
/// @param worker its number, from 0
/// @param state where it is in its life, one of [#STATES]
/// @param hung whether its event loop has not come back for too long
/// @param loopLag how late its event loop came back when it was last asked to, or is already
/// @param busy for how long in all its event loop has been at work
/// @param inFlight requests in hand
public record WorkerVitals(
        int worker, String state, boolean hung, Duration loopLag, Duration busy, int inFlight) {
    /// The state in which it takes requests.
    static final String SERVING = "serving";

    /// All states, in the order of a worker's life.
    static final List<String> STATES = List.of("new", "booting", SERVING, "stopping", "ended");

    /// What a worker is before there is any news of it.
    static WorkerVitals unknown(int worker) {
        return new WorkerVitals(worker, "new", false, Duration.ZERO, Duration.ZERO, 0);
    }

    boolean serving() {
        return state.equals(SERVING);
    }
}
