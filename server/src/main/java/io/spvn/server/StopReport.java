package io.spvn.server;

import io.spvn.bridge.worker.WorkerPool;
import io.spvn.server.connection.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Tells every [#EVERY] what a stop still waits for, and how to end it. [#begin] is for the thread
/// that stops the server, [#tick] for the registry's.
final class StopReport {
    private static final System.Logger LOG = System.getLogger(StopReport.class.getName());

    static final Duration EVERY = Duration.ofSeconds(5);

    private final Duration limit;
    private final Supplier<List<String>> waitsFor;
    private final Consumer<String> log;
    private volatile long began;
    private volatile boolean running;
    private int told; // tick's thread

    /// @param limit of the whole stop
    /// @param waitsFor what the stop waits for, each in words
    StopReport(Duration limit, Supplier<List<String>> waitsFor, Consumer<String> log) {
        this.limit = limit;
        this.waitsFor = waitsFor;
        this.log = log;
    }

    /// Of a stop that waits for connections and workers.
    static StopReport of(Duration limit, Registry registry, WorkerPool workers) {
        return new StopReport(
                limit,
                () -> waitsFor(registry, workers),
                line -> LOG.log(System.Logger.Level.INFO, line));
    }

    private static List<String> waitsFor(Registry registry, WorkerPool workers) {
        List<String> things = new ArrayList<>();
        things.addAll(counted(registry.size(), "connection"));
        things.addAll(counted(workers.queueDepth() + workers.inFlight(), "request"));
        things.addAll(workers.waitsFor());
        return things;
    }

    /// @param now [System#nanoTime]
    void begin(long now) {
        began = now;
        running = true;
    }

    void tick() {
        tick(System.nanoTime());
    }

    /// @param now [System#nanoTime]
    void tick(long now) {
        Duration gone = Duration.ofNanos(now - began);
        if (!running || gone.compareTo(EVERY.multipliedBy(told + 1L)) < 0) {
            return;
        }
        told = Math.toIntExact(gone.dividedBy(EVERY));
        Duration left = limit.minus(gone);
        if (left.isPositive()) {
            log.accept(line(left));
        }
    }

    private String line(Duration left) {
        List<String> things = waitsFor.get();
        return String.format(
                Locale.ROOT,
                "still stopping, for at most %d s more: waiting for %s;"
                        + " a second SIGTERM or SIGINT ends the server at once",
                left.plusMillis(999).toSeconds(),
                things.isEmpty() ? "nothing any more" : String.join(", ", things));
    }

    /// "1 thing", "2 things"; nothing for none.
    static List<String> counted(int count, String thing) {
        List<String> words = new ArrayList<>(1);
        if (count > 0) {
            words.add(count + " " + thing + (count == 1 ? "" : "s"));
        }
        return words;
    }
}
