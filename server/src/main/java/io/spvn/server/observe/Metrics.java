package io.spvn.server.observe;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// Counts what becomes of requests, and shows it as Prometheus text beside what [Vitals] say.
///
/// Counted by any thread, at each request, without locks and without new objects; read on the
/// listener's thread.
public final class Metrics implements ExchangeListener, AutoCloseable {
    private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS =
            "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// Bounds of the histograms' buckets: from a request that is hardly there to one that is lost.
    private static final Duration[] BUCKETS =
            Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RequestCounters requests = new RequestCounters(registry);
    private final Map<Rejected, Counter> refusals = new EnumMap<>(Rejected.class);
    private final Timer durations;
    private final Timer waits;
    private final WorkerMeters workers;
    private final ProcessMeters process;

    /// @param workerCount how many workers there will be
    public Metrics(Vitals vitals, int workerCount) {
        for (Rejected reason : Rejected.values()) {
            refusals.put(reason, refusals(reason));
        }
        this.durations =
                histogram(
                        "spvn.request.duration", "From a request's arrival to its last byte sent");
        this.waits = histogram("spvn.queue.wait", "How long requests waited for a worker");
        this.workers = new WorkerMeters(registry, workerCount, vitals::workers);
        this.process = new ProcessMeters(registry);
        gauge("spvn.queue.depth", "Requests that wait for a worker", vitals, Vitals::queueDepth);
        gauge(
                "spvn.requests.in.flight",
                "Requests accepted and not yet answered: those that wait and those in workers' hands",
                vitals,
                all -> all.queueDepth() + workers.inFlight());
        gauge("spvn.connections.active", "Open connections", vitals, Vitals::connections);
        gauge(
                "spvn.held.bytes",
                "Heap that clients take up: connections, heads, bodies, unread responses",
                vitals,
                Vitals::bytesHeld);
        bytes("in", vitals, Vitals::bytesReceived);
        bytes("out", vitals, Vitals::bytesSent);
    }

    private Counter refusals(Rejected reason) {
        return Counter.builder("spvn.refusals")
                .description("Requests and connections that the server refused or cut off")
                .tag("reason", reason.label())
                .register(registry);
    }

    private Timer histogram(String name, String description) {
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private void gauge(
            String name, String description, Vitals vitals, ToDoubleFunction<Vitals> value) {
        Gauge.builder(name, vitals, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private void bytes(String direction, Vitals vitals, ToDoubleFunction<Vitals> value) {
        FunctionCounter.builder("spvn.bytes", vitals, value)
                .description("Bytes from clients (in) and to clients (out)")
                .tag("direction", direction)
                .register(registry);
    }

    @Override
    public void started(long waitedNanos) {
        waits.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void responded(String method, int status, long nanos) {
        requests.count(method, status);
        durations.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void refused(Rejected reason) {
        requireNonNull(refusals.get(reason)).increment();
    }

    /// Notes how busy the workers are. To be called by one thread, several times a second; does not
    /// block.
    public void tick() {
        workers.tick(System.nanoTime());
    }

    /// All metrics, as OpenMetrics where that is asked for.
    Answer answer(String accept) {
        boolean open = accept.toLowerCase(Locale.ROOT).contains("application/openmetrics-text");
        String type = open ? OPEN_METRICS : PLAIN;
        workers.refresh();
        return new Answer(200, type, registry.scrape(type), "");
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }
}
