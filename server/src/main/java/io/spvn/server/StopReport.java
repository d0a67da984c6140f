package io.spvn.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Tells every [#EVERY] what a stop still waits for, and how to end it. [#begin] is for the thread
/// that stops the server, [#tick] for the registry's.
final class StopReport {
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

    /// @param now [System#nanoTime]
    void begin(long now) {
        began = now;
        running = true;
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
