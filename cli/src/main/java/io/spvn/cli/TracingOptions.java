package io.spvn.cli;

import io.spvn.server.tracing.TracingSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Spans of requests. Their endpoint turns them on: the standard variables alone do not, since they
/// may be the app's.
final class TracingOptions {
    private static final String ENDPOINT = "--trace-endpoint";

    @Option(
            names = ENDPOINT,
            paramLabel = "URL",
            description = {
                "Send OpenTelemetry spans of queue and app there, as",
                "http://localhost:4318; OTEL_* say more. Default: off."
            })
    @Nullable String endpoint;

    /// Which spans are made and where they go, null for none.
    @Nullable TracingSettings settings(Environment environment) {
        return Resolve.read(
                ENDPOINT,
                endpoint,
                url -> new TelemetryVariables(environment).settings(TracingSettings.endpoint(url)));
    }
}
