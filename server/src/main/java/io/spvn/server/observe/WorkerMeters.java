package io.spvn.server.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.spvn.bridge.worker.WorkerState;
import io.spvn.bridge.worker.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The gauges of all workers. They show one common moment, that of the last [#refresh]; only the
/// shares of busy time are sampled in between.
final class WorkerMeters {
    private static final Duration SAMPLED_EVERY = Duration.ofSeconds(1);

    private final Supplier<List<WorkerStatus>> source;
    private final List<BusyWindow> windows;
    private volatile List<WorkerStatus> seen = List.of();
    private long sampledAt = System.nanoTime() - SAMPLED_EVERY.toNanos();

    /// @param workers how many there will be
    WorkerMeters(MeterRegistry registry, int workers, Supplier<List<WorkerStatus>> source) {
        this.source = source;
        this.windows = IntStream.range(0, workers).mapToObj(_ -> new BusyWindow()).toList();
        for (int worker = 0; worker < workers; worker++) {
            register(registry, worker);
        }
    }

    private void register(MeterRegistry registry, int worker) {
        String number = Integer.toString(worker);
        for (WorkerState state : WorkerState.values()) {
            Gauge.builder("spvn.worker.state", () -> flag(of(worker).state() == state))
                    .description("1 for the state that the worker is in, 0 for the others")
                    .tag("worker", number)
                    .tag("state", state.label())
                    .register(registry);
        }
        Gauge.builder("spvn.worker.hung", () -> flag(of(worker).hung()))
                .description("1 while the event loop has been away for too long, else 0")
                .tag("worker", number)
                .register(registry);
        TimeGauge.builder(
                        "spvn.worker.loop.lag",
                        () -> of(worker).loopLag().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("How late the event loop is, or was when last asked to come back")
                .tag("worker", number)
                .register(registry);
        Gauge.builder("spvn.worker.busy.ratio", () -> busyRatio(worker))
                .description(
                        "Share of the last %d seconds that the event loop was at work"
                                .formatted(BusyWindow.SAMPLES * SAMPLED_EVERY.toSeconds()))
                .tag("worker", number)
                .register(registry);
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }

    /// Takes a new look at the workers.
    void refresh() {
        seen = source.get();
    }

    /// Notes how busy the workers are when it is time to. To be called by one thread, more often
    /// than every [#SAMPLED_EVERY].
    void tick(long now) {
        if (now - sampledAt < SAMPLED_EVERY.toNanos()) {
            return;
        }
        sampledAt = now;
        for (WorkerStatus worker : source.get()) {
            if (worker.worker() < windows.size()) {
                windows.get(worker.worker()).sample(now, worker.busy());
            }
        }
    }

    /// Requests in the workers' hands.
    int inFlight() {
        return seen.stream().mapToInt(WorkerStatus::inFlight).sum();
    }

    private double busyRatio(int worker) {
        return windows.get(worker).ratio(System.nanoTime(), of(worker).busy());
    }

    private WorkerStatus of(int worker) {
        for (WorkerStatus each : seen) {
            if (each.worker() == worker) {
                return each;
            }
        }
        return WorkerStatus.unknown(worker);
    }
}
