package io.spvn.loadtest.attack;

import java.time.Duration;
import java.util.ArrayDeque;

/// Each connection sends again as soon as it can; after a failure it rests for a moment, so that a
/// server that is gone is not asked a million times.
final class ClosedInjector implements Injector {
    private static final long REST_NANOS = Duration.ofMillis(50).toNanos();

    private record Resting(Connection connection, long until) {}

    private final long durationNanos;
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();
    private final Measurements measurements;
    private final Ticker ticker;
    private long requests;

    ClosedInjector(Plan plan, Measurements measurements, Ticker ticker) {
        durationNanos = plan.duration().toNanos();
        this.measurements = measurements;
        this.ticker = ticker;
    }

    @Override
    public void free(Connection connection) {
        free.add(connection);
    }

    @Override
    public void failed(Connection connection, long now) {
        resting.add(new Resting(connection, now + REST_NANOS));
    }

    @Override
    public void fire(long now, Start start) {
        wake(now);
        Connection next;
        while (now < durationNanos && (next = free.poll()) != null) {
            requests++;
            long due = ticker.nanos();
            measurements.due(due);
            start.begin(next, due);
        }
    }

    private void wake(long now) {
        while (!resting.isEmpty() && resting.peek().until() <= now) {
            free.add(resting.remove().connection());
        }
    }

    @Override
    public long restNanos(long now) {
        long end = durationNanos - now;
        return resting.isEmpty() ? end : Math.min(end, resting.peek().until() - now);
    }

    @Override
    public boolean finished(long now, int inFlight) {
        return now >= durationNanos;
    }

    @Override
    public long end(long now) {
        return requests;
    }

    @Override
    public long waiting(long now) {
        return 0;
    }
}
