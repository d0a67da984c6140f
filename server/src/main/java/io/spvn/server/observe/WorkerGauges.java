package io.spvn.server.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.spvn.bridge.worker.WorkerState;
import io.spvn.bridge.worker.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The gauges of one worker, and of those that take its place. What they show is [#show]n by one
/// thread at a time; another [#sample]s.
final class WorkerGauges implements AutoCloseable {
    private final MeterRegistry registry;
    private final String number;
    private final BusyWindow window = new BusyWindow();
    private final List<Meter> always = new ArrayList<>();
    private final List<Meter> ofHost = new ArrayList<>(); // these say which process it is
    private volatile WorkerStatus seen;

    WorkerGauges(MeterRegistry registry, int worker) {
        this.registry = registry;
        this.number = Integer.toString(worker);
        this.seen = WorkerStatus.unknown(worker);
        registerAll();
    }

    private void registerAll() {
        for (WorkerState state : WorkerState.values()) {
            always.add(
                    Gauge.builder("spvn.worker.state", () -> flag(seen.state() == state))
                            .description("1 for the state that the worker is in, 0 for the others")
                            .tag("worker", number)
                            .tag("state", state.label())
                            .register(registry));
        }
        always.add(
                Gauge.builder("spvn.worker.hung", () -> flag(seen.hung()))
                        .description("1 while the event loop has been away for too long, else 0")
                        .tag("worker", number)
                        .register(registry));
        always.add(
                TimeGauge.builder(
                                "spvn.worker.loop.lag",
                                () -> seen.loopLag().toNanos(),
                                TimeUnit.NANOSECONDS)
                        .description(
                                "How late the event loop is, or was when last asked to come back")
                        .tag("worker", number)
                        .register(registry));
        always.add(
                Gauge.builder("spvn.worker.busy.ratio", this::busyRatio)
                        .description(
                                "Share of the last %d seconds that the event loop was at work"
                                        .formatted(WorkerMeters.BUSY_SPAN.toSeconds()))
                        .tag("worker", number)
                        .register(registry));
    }

    private static int flag(boolean value) {
        return value ? 1 : 0;
    }

    private double busyRatio() {
        return window.ratio(System.nanoTime(), seen.busy());
    }

    /// Shows that from now on.
    void show(WorkerStatus status) {
        WorkerStatus.Host before = seen.host();
        seen = status;
        if (!sameProcess(before, status.host())) {
            ofHost.forEach(registry::remove);
            ofHost.clear();
            registerHost(status.host());
        }
    }

    private static boolean sameProcess(WorkerStatus.Host one, WorkerStatus.Host other) {
        return one.kind() == other.kind() && one.pid() == other.pid();
    }

    private void registerHost(WorkerStatus.Host host) {
        ofHost.add(
                Gauge.builder("spvn.worker.info", () -> 1)
                        .description("1, with what runs the worker's app; pid 0: the server itself")
                        .tag("worker", number)
                        .tag("kind", host.kind().label())
                        .tag("pid", Long.toString(host.pid()))
                        .register(registry));
        if (host.pid() != 0) {
            ofHost.add(
                    Gauge.builder("spvn.worker.resident", () -> seen.host().residentBytes())
                            .description(
                                    "Memory of the worker's process, that shared with others too")
                            .baseUnit("bytes")
                            .tag("worker", number)
                            .register(registry));
        }
    }

    /// Notes how long the worker has been busy in all.
    void sample(long now, Duration busyInAll) {
        window.sample(now, busyInAll);
    }

    /// The worker has gone.
    @Override
    public void close() {
        always.forEach(registry::remove);
        ofHost.forEach(registry::remove);
    }
}
