package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A worker's time in its place: since when it serves, what it has done, and how much it may.
///
/// Written by who starts it, by the clock and by the supervisor, each field by one of them; for any
/// thread to read. Times are those of [System#nanoTime].
final class Tenure {
    /// How often the memory of a process is looked at.
    private static final long LOOK_NANOS = 1_000_000_000;

    /// A loop that is blocked gets so much longer: the report of its stack comes first.
    private static final long HANG_PATIENCE_NANOS = 1_500_000_000;

    /// A clock that comes later than that was held up itself, and the loop gets another chance.
    private static final long LATE_NANOS = 500_000_000;

    /// How much a worker may do; 0 for any number.
    ///
    /// @param requests that it takes
    /// @param nanos that it serves
    /// @param bytes of memory of its process
    record Allowance(long requests, long nanos, long bytes) {}

    private final Allowance allowance;
    private final LongAdder taken = new LongAdder();
    private volatile long since;
    private volatile boolean serves;
    private volatile @Nullable Long endedAt;
    private volatile long resident;
    private volatile @Nullable Long hungSince;
    private volatile boolean killed;
    private volatile long postponedTo;
    private volatile boolean postponed;
    private long lookAt; // clock
    private long lastTick; // clock

    Tenure(Allowance allowance) {
        this.allowance = allowance;
    }

    /// A listener that counts the requests that the worker takes, before it passes on.
    ExchangeListener counting(ExchangeListener next) {
        return new Counting(next, taken);
    }

    private record Counting(ExchangeListener next, LongAdder taken) implements ExchangeListener {
        @Override
        public void started(long waitedNanos) {
            taken.increment();
            next.started(waitedNanos);
        }

        @Override
        public void responded(String method, String version, int status, long nanos) {
            next.responded(method, version, status, nanos);
        }

        @Override
        public void refused(Rejected reason) {
            next.refused(reason);
        }
    }

    /// The worker gets requests from now on.
    void begin(long now) {
        since = now;
        serves = true;
    }

    /// The worker has ended.
    void end(long now) {
        endedAt = now;
    }

    /// For how long it has served.
    Duration served(long now) {
        Long end = endedAt;
        return serves ? Duration.ofNanos((end == null ? now : end) - since) : Duration.ZERO;
    }

    /// Whether it did its work for a while.
    boolean steady(long now) {
        return served(now).compareTo(Respawn.STEADY) >= 0 || taken.sum() >= Respawn.MANY_REQUESTS;
    }

    /// Clock: looks at what is to be seen from outside.
    void tick(WorkerStatus status, long pid, long now) {
        boolean late = now - lastTick > LATE_NANOS;
        lastTick = now;
        if (!status.hung() || status.state() != WorkerState.SERVING) {
            hungSince = null;
        } else if (hungSince == null || late) {
            hungSince = now;
        }
        if (pid > 0 && now - lookAt >= 0) {
            lookAt = now + LOOK_NANOS;
            resident = ProcessMemory.resident(pid);
        }
    }

    long resident() {
        return resident;
    }

    /// Whether its loop has been blocked for so long that its report is out.
    boolean hangs(long now) {
        Long hung = hungSince;
        return hung != null && now - hung > HANG_PATIENCE_NANOS;
    }

    /// It is killed because it hangs.
    void kill() {
        killed = true;
    }

    boolean killed() {
        return killed;
    }

    /// Nobody could take its place: it goes on, until then at least.
    void postpone(long then) {
        postponedTo = then;
        postponed = true;
    }

    /// What it has done enough of, null for nothing.
    @Nullable RestartReason exceeded(long now) {
        if (!serves || (postponed && now - postponedTo < 0)) {
            return null;
        }
        if (allowance.requests > 0 && taken.sum() >= allowance.requests) {
            return RestartReason.MAX_REQUESTS;
        }
        if (allowance.nanos > 0 && now - since >= allowance.nanos) {
            return RestartReason.LIFETIME;
        }
        return allowance.bytes > 0 && resident > allowance.bytes ? RestartReason.RSS : null;
    }
}
