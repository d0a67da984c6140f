package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/// Where a worker is in its life, and the moves it may make:
///
///     NEW -> BOOTING -> SERVING -> STOPPING -> ENDED
///               |          |                    ^
///               +----------+--------------------+
///
/// Any thread may read and wait; moves that the table does not have are refused.
final class WorkerState {
    enum State {
        NEW,
        BOOTING,
        SERVING,
        STOPPING,
        ENDED
    }

    private static final Map<State, Set<State>> MOVES = new EnumMap<>(State.class);

    static {
        MOVES.put(State.NEW, EnumSet.of(State.BOOTING, State.ENDED));
        MOVES.put(State.BOOTING, EnumSet.of(State.SERVING, State.ENDED));
        MOVES.put(State.SERVING, EnumSet.of(State.STOPPING, State.ENDED));
        MOVES.put(State.STOPPING, EnumSet.of(State.ENDED));
        MOVES.put(State.ENDED, EnumSet.noneOf(State.class));
    }

    private State state = State.NEW;

    /// Moves on, if the table has that move.
    ///
    /// @return whether it has
    synchronized boolean move(State to) {
        if (!MOVES.getOrDefault(state, Set.of()).contains(to)) {
            return false;
        }
        state = to;
        notifyAll();
        return true;
    }

    synchronized State now() {
        return state;
    }

    /// Waits until the state is `wanted` or later.
    ///
    /// @return false when that took longer than `limit`
    synchronized boolean await(State wanted, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (state.compareTo(wanted) < 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(left / 1_000_000 + 1);
        }
        return true;
    }
}
