package io.spvn.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/// What is measured of encryption: how handshakes end, and when certificates expire. Any thread
/// counts.
public final class TlsMeters {
    private final MeterRegistry registry;
    private final Supplier<List<Expiry>> expiries;
    private final MultiGauge gauges;

    /// When a certificate expires.
    ///
    /// @param name that it is for
    public record Expiry(String name, String file, Instant at) {}

    /// @param expiries of the certificates that are shown at the moment
    TlsMeters(MeterRegistry registry, Supplier<List<Expiry>> expiries) {
        this.registry = registry;
        this.expiries = expiries;
        this.gauges =
                MultiGauge.builder("spvn.tls.certificate.expiry")
                        .description("When a certificate expires, in seconds since 1970")
                        .baseUnit("seconds")
                        .register(registry);
    }

    /// A handshake has ended. The registry has one counter for each set of labels; there are few.
    public void count(String outcome, String version, String reason) {
        Counter.builder("spvn.tls.handshakes")
                .description("Handshakes by how they ended")
                .tag("outcome", outcome)
                .tag("version", version)
                .tag("reason", reason)
                .register(registry)
                .increment();
    }

    /// Shows the certificates of this moment.
    void refresh() {
        gauges.register(
                expiries.get().stream()
                        .map(
                                each ->
                                        MultiGauge.Row.of(
                                                Tags.of("name", each.name(), "file", each.file()),
                                                each.at().getEpochSecond()))
                        .toList(),
                true);
    }
}
