package io.spvn.server.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spvn.bridge.worker.RestartReason;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// All that is measured, as Prometheus text: what [RequestMeters] have counted, and what [Vitals]
/// say at the moment. Read on the listener's thread.
public final class Metrics implements AutoCloseable {
    private static final String PLAIN = "text/plain; version=0.0.4; charset=utf-8";
    private static final String OPEN_METRICS =
            "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private final RequestMeters requests;
    private final PrometheusMeterRegistry registry;
    private final WorkerMeters workers;
    private final ProcessMeters process;

    /// @param requests are closed with this
    /// @param workerCount how many workers there will be at first
    public Metrics(RequestMeters requests, Vitals vitals, int workerCount) {
        this.requests = requests;
        this.registry = requests.registry();
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
        for (RestartReason reason : RestartReason.values()) {
            restarts(reason, vitals);
        }
        bytes("in", vitals, Vitals::bytesReceived);
        bytes("out", vitals, Vitals::bytesSent);
    }

    private void gauge(
            String name, String description, Vitals vitals, ToDoubleFunction<Vitals> value) {
        Gauge.builder(name, vitals, value)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    private void restarts(RestartReason reason, Vitals vitals) {
        FunctionCounter.builder("spvn.worker.restarts", vitals, all -> all.restarts(reason))
                .description("Workers that have taken another's place, by why that one ended")
                .tag("reason", reason.label())
                .register(registry);
    }

    private void bytes(String direction, Vitals vitals, ToDoubleFunction<Vitals> value) {
        FunctionCounter.builder("spvn.bytes", vitals, value)
                .description("Bytes from clients (in) and to clients (out)")
                .tag("direction", direction)
                .register(registry);
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
        requests.refresh();
        return new Answer(200, type, registry.scrape(type), "");
    }

    @Override
    public void close() {
        process.close();
        registry.close();
    }
}
