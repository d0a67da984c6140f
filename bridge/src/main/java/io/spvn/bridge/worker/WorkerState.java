package io.spvn.bridge.worker;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// Where a worker is in its life, and the moves it may make:
///
///     NEW -> BOOTING -> SERVING -> STOPPING -> ENDED
///      |        |          |                    ^
///      +--------+----------+--------------------+
public enum WorkerState {
    NEW,
    BOOTING,
    SERVING,
    STOPPING,
    ENDED;

    /// Whether the drawing has that move.
    boolean leadsTo(WorkerState next) {
        return next(this).contains(next);
    }

    private static Set<WorkerState> next(WorkerState state) {
        return switch (state) {
            case NEW -> EnumSet.of(BOOTING, ENDED);
            case BOOTING -> EnumSet.of(SERVING, ENDED);
            case SERVING -> EnumSet.of(STOPPING, ENDED);
            case STOPPING -> EnumSet.of(ENDED);
            case ENDED -> EnumSet.noneOf(WorkerState.class);
        };
    }

    /// Whether it is this one or a later one.
    public boolean isAtLeast(WorkerState other) {
        return compareTo(other) >= 0;
    }

    /// The name that metrics show.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
