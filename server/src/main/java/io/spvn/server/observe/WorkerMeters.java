package io.spvn.server.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.spvn.bridge.worker.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The gauges of all workers. They show one common moment, that of the last [#refresh]; only the
/// shares of busy time are sampled in between. A worker's gauges come and go with it; those of the
/// first workers are there from the beginning.
final class WorkerMeters {
    private static final Duration SAMPLED_EVERY = Duration.ofSeconds(1);

    /// How far back the share of busy time looks.
    static final Duration BUSY_SPAN = SAMPLED_EVERY.multipliedBy(BusyWindow.SAMPLES);

    private final MeterRegistry registry;
    private final Supplier<List<WorkerStatus>> source;
    private final Map<Integer, WorkerGauges> gauges = new ConcurrentHashMap<>();
    private Set<Integer> present = Set.of(); // guarded by the monitor
    private volatile List<WorkerStatus> seen = List.of();
    private long sampledAt = System.nanoTime() - SAMPLED_EVERY.toNanos();

    /// @param workers how many there will be at first
    WorkerMeters(MeterRegistry registry, int workers, Supplier<List<WorkerStatus>> source) {
        this.registry = registry;
        this.source = source;
        IntStream.range(0, workers).forEach(this::gauges);
    }

    private WorkerGauges gauges(int worker) {
        return gauges.computeIfAbsent(worker, number -> new WorkerGauges(registry, number));
    }

    /// Takes a new look at the workers.
    synchronized void refresh() {
        List<WorkerStatus> now = source.get();
        Set<Integer> numbers =
                now.stream().map(WorkerStatus::worker).collect(Collectors.toUnmodifiableSet());
        present.stream().filter(number -> !numbers.contains(number)).forEach(this::drop);
        now.forEach(worker -> gauges(worker.worker()).show(worker));
        present = numbers;
        seen = now;
    }

    private void drop(int worker) {
        WorkerGauges gone = gauges.remove(worker);
        if (gone != null) {
            gone.close();
        }
    }

    /// Notes how busy the workers are when it is time to. To be called by one thread, more often
    /// than every [#SAMPLED_EVERY].
    void tick(long now) {
        if (now - sampledAt < SAMPLED_EVERY.toNanos()) {
            return;
        }
        sampledAt = now;
        for (WorkerStatus worker : source.get()) {
            WorkerGauges known = gauges.get(worker.worker());
            if (known != null) {
                known.sample(now, worker.busy());
            }
        }
    }

    /// Requests in the workers' hands.
    int inFlight() {
        return seen.stream().mapToInt(WorkerStatus::inFlight).sum();
    }
}
