package io.spvn.loadtest.compare;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One server's turn: all scenarios of a group in one round, with one start if the server lives.
final class Turn {
    private static final Duration ANSWER_TIME = Duration.ofSeconds(10);

    private final int round;
    private final Supplier<Server> start;
    private final Gauge gauge;
    private final Duration warmup;
    private final Prober prober = new Prober(ANSWER_TIME);
    private @Nullable Server server;
    private @Nullable CannotRun startFailure;

    /// @param start makes a server that listens, or throws [CannotRun]
    Turn(int round, Supplier<Server> start, Gauge gauge, Duration warmup) {
        this.round = round;
        this.start = start;
        this.gauge = gauge;
        this.warmup = warmup;
    }

    /// Runs the scenarios of these rows, and fills the rows.
    ///
    /// @param begins is told of each row before it is run
    void run(List<Row> rows, Consumer<Row> begins) {
        try {
            for (Row row : rows) {
                begins.accept(row);
                run(row);
            }
        } finally {
            closeServer();
        }
    }

    private void run(Row row) {
        try {
            Server ready = ready(row.scenario());
            row.add(gauge.sample(ready, row.scenario(), round));
        } catch (CannotRun e) {
            gauge.checkStopped();
            row.notRun(round, e.why());
            closeServer();
        } catch (UncheckedIOException e) {
            gauge.checkStopped();
            row.notRun(round, "the load generator: " + e.getMessage());
        }
    }

    /// The server that runs already, or a fresh one that is warmed up. It answers the scenario's
    /// request.
    private Server ready(Scenario scenario) {
        Server running = server;
        if (running != null && running.isAlive()) {
            prober.check(running, scenario.ask());
            return running;
        }
        closeServer();
        Server fresh = started();
        server = fresh;
        prober.check(fresh, scenario.ask());
        gauge.warmUp(fresh, scenario.group(), warmup);
        return fresh;
    }

    /// A server that does not start for one scenario does not start for the next.
    private Server started() {
        CannotRun known = startFailure;
        if (known != null) {
            throw known;
        }
        try {
            return start.get();
        } catch (CannotRun e) {
            startFailure = e;
            throw e;
        }
    }

    private void closeServer() {
        Server running = server;
        if (running != null) {
            server = null;
            running.close();
        }
    }
}
