package io.spvn.loadtest.attack;

import java.time.Duration;
import java.util.ArrayDeque;

/// Requests begin when they are due. Those that find no free connection wait in line, which needs
/// no memory: the line is all numbers between the next to begin and the last that is due.
final class OpenInjector implements Injector {
    private final Pacer pacer;
    private final long total;
    private final long timeoutNanos;
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private final Measurements measurements;

    /// The first request that has not begun. Written by the event loop, read by the metronome.
    private volatile long next;

    /// Whether requests wait for a connection, so that time alone changes nothing.
    private volatile boolean starved;

    OpenInjector(Plan plan, Pacer pacer, Measurements measurements) {
        this.pacer = pacer;
        total = pacer.countWithin(plan.duration());
        timeoutNanos = plan.timeout().toNanos();
        this.measurements = measurements;
    }

    @Override
    public void free(Connection connection) {
        free.add(connection);
    }

    @Override
    public void failed(Connection connection, long now) {
        free.add(connection);
    }

    @Override
    public void fire(long now, Start start) {
        long number = giveUpLate(now);
        Connection connection;
        long due = number < total ? pacer.dueNanos(number) : Long.MAX_VALUE;
        while (due <= now && (connection = free.poll()) != null) {
            measurements.due(due);
            start.begin(connection, due);
            number++;
            due = number < total ? pacer.dueNanos(number) : Long.MAX_VALUE;
        }
        next = number;
        starved = due <= now;
    }

    /// Those that have waited for a connection until their time was up.
    private long giveUpLate(long now) {
        long number = next;
        while (number < total && pacer.dueNanos(number) + timeoutNanos <= now) {
            measurements.due(pacer.dueNanos(number));
            measurements.error(ErrorKind.UNSENT, now);
            number++;
        }
        return number;
    }

    @Override
    public long restNanos(long now) {
        long number = next;
        if (number >= total) {
            return Long.MAX_VALUE;
        }
        return pacer.dueNanos(number) + (starved ? timeoutNanos : 0) - now;
    }

    @Override
    public boolean finished(long now, int inFlight) {
        return next >= total && inFlight == 0;
    }

    @Override
    public long end(long now) {
        long number = next;
        for (long end = number + waiting(now); number < end; number++) {
            measurements.due(pacer.dueNanos(number));
        }
        next = number;
        return number;
    }

    @Override
    public long waiting(long now) {
        long due = Math.min(total, pacer.countWithin(Duration.ofNanos(now + 1)));
        return Math.max(0, due - next);
    }

    /// Whether the event loop must be told that this request is due. Any thread.
    boolean awaits(long number) {
        return next <= number && !starved;
    }

    /// The first request that has not begun. Any thread.
    long next() {
        return next;
    }

    long total() {
        return total;
    }

    Pacer pacer() {
        return pacer;
    }
}
