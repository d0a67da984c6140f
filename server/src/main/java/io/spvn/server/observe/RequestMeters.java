package io.spvn.server.observe;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Rejected;
import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Counts what becomes of requests.
///
/// Called by any thread, at each request, without locks and without new objects. [Metrics] shows
/// what was counted, and ends it.
public final class RequestMeters implements ExchangeListener {
    /// Bounds of the histograms' buckets: from a request that is hardly there to one that is lost.
    private static final Duration[] BUCKETS =
            Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new);

    private static final int CLASSES = 5;

    private final PrometheusMeterRegistry registry = ProcessMeters.registry();
    private final RequestCounters requests = new RequestCounters(registry);
    private final Map<Rejected, Counter> refusals = new EnumMap<>(Rejected.class);
    private final VersionMeters versions = new VersionMeters(registry);
    private final WebSocketMeters webSockets = new WebSocketMeters(registry);
    private @Nullable TlsMeters tls; // null without TLS
    private LongSupplier linesLost = () -> 0;
    private LongSupplier spansLost = () -> 0;
    private final Latencies latencies = new Latencies();
    private final Timer durations;
    private final Timer waits;

    public RequestMeters() {
        for (Rejected reason : Rejected.values()) {
            refusals.put(reason, refusals(reason));
        }
        this.durations =
                histogram(
                        "spvn.request.duration", "From a request's arrival to its last byte sent");
        this.waits = histogram("spvn.queue.wait", "How long requests waited for a worker");
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

    /// Begins to measure encryption as well. To be called first.
    ///
    /// @param expiries of the certificates that are shown at the moment
    public TlsMeters tls(Supplier<List<TlsMeters.Expiry>> expiries) {
        TlsMeters made = new TlsMeters(registry, expiries);
        tls = made;
        return made;
    }

    /// Begins to show what the access log has lost. To be called first.
    public void accessLog(LongSupplier lost) {
        linesLost = lost;
        FunctionCounter.builder("spvn.access.log.lost", this, all -> all.linesLost.getAsLong())
                .description("Lines of the access log that were not written")
                .register(registry);
    }

    /// Begins to show what tracing has lost. To be called first.
    public void tracing(LongSupplier lost) {
        spansLost = lost;
        FunctionCounter.builder("spvn.spans.dropped", this, all -> all.spansLost.getAsLong())
                .description("Spans that did not reach the collector")
                .register(registry);
    }

    /// What was counted so far.
    ///
    /// @param responses written to their end
    /// @param errors those of them with a status of 500 or more
    /// @param classes responses by `1xx` to `5xx`
    /// @param refusals by reason
    public record Counts(
            long responses, long errors, Map<String, Long> classes, Map<String, Long> refusals) {}

    /// What was counted so far.
    public Counts counts() {
        Map<String, Long> classes = new LinkedHashMap<>();
        for (int hundreds = 1; hundreds <= CLASSES; hundreds++) {
            classes.put(hundreds + "xx", requests.sum(hundreds * 100, hundreds * 100 + 100));
        }
        Map<String, Long> refused = new LinkedHashMap<>();
        refusals.forEach((reason, count) -> refused.put(reason.label(), (long) count.count()));
        long responses = classes.values().stream().mapToLong(Long::longValue).sum();
        long errors = requests.sum(CLASSES * 100, CLASSES * 100 + 100);
        return new Counts(responses, errors, classes, refused);
    }

    /// How long responses took.
    public Latencies latencies() {
        return latencies;
    }

    /// Responses written to their end, by version of HTTP.
    public Map<String, Long> versions() {
        return versions.counts();
    }

    /// Streams of HTTP/2 that are open.
    public long openStreams() {
        return versions.streams();
    }

    /// WebSockets that are open.
    public long openWebSockets() {
        return webSockets.active();
    }

    /// Shows what is asked for at each look.
    void refresh() {
        if (tls != null) {
            tls.refresh();
        }
    }

    /// Where all meters are.
    PrometheusMeterRegistry registry() {
        return registry;
    }

    @Override
    public void started(long waitedNanos) {
        waits.record(waitedNanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void responded(String method, String version, int status, long nanos) {
        requests.count(method, status);
        versions.count(version);
        durations.record(nanos, TimeUnit.NANOSECONDS);
        latencies.record(nanos);
    }

    @Override
    public void refused(Rejected reason) {
        requireNonNull(refusals.get(reason)).increment();
    }

    @Override
    public void streamOpened() {
        versions.opened();
    }

    @Override
    public void streamClosed() {
        versions.closed();
    }

    @Override
    public void webSocketOpened() {
        webSockets.opened();
    }

    @Override
    public void webSocketClosed(int code) {
        webSockets.closed(code);
    }

    @Override
    public void messageReceived() {
        webSockets.received();
    }

    @Override
    public void messageSent() {
        webSockets.sent();
    }
}
