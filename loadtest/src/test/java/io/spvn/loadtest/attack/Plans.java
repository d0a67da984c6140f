package io.spvn.loadtest.attack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// Plans for tests, and what holds of every run.
final class Plans {
    /// Nobody is there.
    static final Target TARGET = Target.of("http://127.0.0.1:9/", false);

    private Plans() {}

    static Load open(double rate, int connections) {
        return new Load.Open(new Pacer.Constant(rate), connections);
    }

    static Plan plan(Load load, Duration duration, Duration timeout) {
        return new Plan(TARGET, Request.get(), load, duration, timeout);
    }

    /// Connections that never open a socket.
    static List<Connection> connections(int count) {
        Plan plan = plan(new Load.Closed(count), Duration.ofSeconds(1), Duration.ofSeconds(1));
        try (Selector selector = Selector.open()) {
            Wire wire = new Wire(selector, plan, new Measurements(plan));
            return Stream.generate(() -> new Connection(wire, NO_EVENTS)).limit(count).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final Connection.Events NO_EVENTS =
            new Connection.Events() {
                @Override
                public void opened(Connection connection) {}

                @Override
                public void notOpened(Connection connection) {}

                @Override
                public void answered(Connection connection, int status) {}

                @Override
                public void failed(Connection connection, ErrorKind kind) {}
            };

    /// Each request is counted once, in the totals and in the intervals.
    static Run addsUp(Run run) {
        assertEquals(
                run.requests(),
                run.responses() + run.failures() + run.unfinished(),
                "requests are responses, failures and unfinished");
        assertTrue(run.unfinished() >= 0, "unfinished: " + run.unfinished());
        assertEquals(run.responses(), run.latency().percentiles().count());
        assertEquals(run.responses(), run.service().percentiles().count());
        assertEquals(
                run.responses(),
                run.latencyByClass().values().stream()
                        .mapToLong(times -> times.percentiles().count())
                        .sum());
        List<Interval> intervals = run.intervals();
        assertEquals(run.requests(), intervals.stream().mapToLong(Interval::due).sum());
        assertEquals(run.responses(), intervals.stream().mapToLong(Interval::responses).sum());
        assertEquals(run.failures(), intervals.stream().mapToLong(Interval::errors).sum());
        assertEquals(
                run.responses(),
                intervals.stream().mapToLong(interval -> interval.latency().count()).sum());
        for (int i = 1; i < intervals.size(); i++) {
            Interval before = intervals.get(i - 1);
            assertEquals(before.fromNanos() + before.nanos(), intervals.get(i).fromNanos());
        }
        return run;
    }
}
