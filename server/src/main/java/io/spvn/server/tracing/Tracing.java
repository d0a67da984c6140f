package io.spvn.server.tracing;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.ExchangeListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Has spans made of requests and sent.
///
/// Who ends a request makes its spans, where the request is sampled, and leaves them in a bounded
/// queue. Daemon threads of OpenTelemetry take them from there and send them; nobody waits for
/// those, but for a moment at the end.
public final class Tracing implements ExchangeListener {
    private static final System.Logger LOG = System.getLogger(Tracing.class.getName());

    private static final int ROOM = 16_384;
    private static final int BATCH = 2048;
    private static final Duration GATHER = Duration.ofSeconds(1);
    private static final Duration TO_CONNECT = Duration.ofSeconds(3);
    private static final Duration TO_END = Duration.ofSeconds(1);

    private final TracingSettings settings;
    private final String version;
    private final int room;
    private final Losses losses;
    private volatile @Nullable RequestSpans spans; // null before the start
    private @Nullable SdkTracerProvider provider; // who starts and closes

    /// Nothing runs yet.
    ///
    /// @param version of the server
    public Tracing(TracingSettings settings, String version) {
        this(settings, version, ROOM);
    }

    /// @param room for spans that wait
    Tracing(TracingSettings settings, String version, int room) {
        this.settings = settings;
        this.version = version;
        this.room = room;
        this.losses = new Losses(room, settings.endpoint().toString());
    }

    /// Begins to send.
    ///
    /// @throws IOException when the certificate cannot be read
    /// @throws IllegalArgumentException when it is none
    public void start() throws IOException {
        start(exporter(settings));
        LOG.log(
                System.Logger.Level.INFO,
                "spans go to %s, by OTLP over HTTP, %s"
                        .formatted(settings.endpoint(), settings.sampling()));
    }

    /// @param exporter in place of the one that sends them
    void start(SpanExporter exporter) {
        SdkTracerProvider made = provider(new CountedExporter(exporter, losses));
        provider = made;
        spans =
                new RequestSpans(
                        made.tracerBuilder("io.spvn.server")
                                .setInstrumentationVersion(version)
                                .build(),
                        losses);
    }

    private SdkTracerProvider provider(SpanExporter exporter) {
        BatchSpanProcessor batches =
                BatchSpanProcessor.builder(exporter)
                        .setMeterProvider(MeterProvider.noop())
                        .setMaxQueueSize(room) // never full: what has no room does not come there
                        .setMaxExportBatchSize(Math.min(BATCH, room))
                        .setScheduleDelay(GATHER)
                        .setExporterTimeout(settings.timeout().plus(TO_CONNECT))
                        .build();
        Sampler part = Sampler.traceIdRatioBased(settings.sampling().ratio());
        return SdkTracerProvider.builder()
                .setMeterProvider(MeterProvider::noop)
                .setResource(resource(settings))
                .setSampler(settings.sampling().byParent() ? Sampler.parentBased(part) : part)
                .addSpanProcessor(batches)
                .build();
    }

    private static Resource resource(TracingSettings settings) {
        AttributesBuilder all = Attributes.builder();
        settings.resource().forEach(all::put);
        return Resource.getDefault().merge(Resource.create(all.build()));
    }

    private static SpanExporter exporter(TracingSettings settings) throws IOException {
        OtlpHttpSpanExporterBuilder made =
                OtlpHttpSpanExporter.builder()
                        .setMeterProvider(MeterProvider.noop())
                        .setEndpoint(settings.endpoint().toString())
                        .setTimeout(settings.timeout())
                        .setConnectTimeout(TO_CONNECT)
                        .setCompression(settings.gzip() ? "gzip" : "none");
        settings.headers().forEach(made::addHeader);
        Path certificate = settings.certificate();
        if (certificate != null) {
            made.setTrustedCertificates(Files.readAllBytes(certificate));
        }
        return made.build();
    }

    @Override
    public boolean wantsEnds() {
        return true;
    }

    @Override
    public boolean wantsMoments() {
        return true;
    }

    /// Any thread; does not wait.
    @Override
    public void ended(Access access) {
        RequestSpans begun = spans;
        if (begun != null) {
            begun.add(access);
        }
    }

    /// Spans that were lost.
    public long lost() {
        return losses.sum();
    }

    /// To be called from time to time by one thread; does not block.
    public void tick() {
        losses.tell(false);
    }

    /// Sends what there is, within a bound. Requests that end later have no spans.
    public void close() {
        SdkTracerProvider begun = provider;
        spans = null;
        if (begun != null) {
            begun.shutdown().join(TO_END.toNanos(), TimeUnit.NANOSECONDS);
            losses.abandon();
            losses.tell(true);
        }
    }
}
