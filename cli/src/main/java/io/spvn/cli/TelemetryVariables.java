package io.spvn.cli;

import io.spvn.server.tracing.Sampling;
import io.spvn.server.tracing.TracingSettings;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The variables that OpenTelemetry has standardized, as far as they concern what the server sends.
/// One that is about traces alone counts before that about everything.
record TelemetryVariables(Environment environment) {
    private static final System.Logger LOG = System.getLogger(TelemetryVariables.class.getName());

    private static final String SAMPLER = "OTEL_TRACES_SAMPLER";
    private static final String SAMPLER_ARG = "OTEL_TRACES_SAMPLER_ARG";
    private static final String RESOURCE = "OTEL_RESOURCE_ATTRIBUTES";
    private static final String SERVICE = "OTEL_SERVICE_NAME";
    private static final String GENERAL = "OTEL_EXPORTER_OTLP_";
    private static final String TRACES = "OTEL_EXPORTER_OTLP_TRACES_";

    TracingSettings settings(URI endpoint) {
        return new TracingSettings(
                endpoint, sampling(), resource(), headers(), timeout(), gzip(), certificate());
    }

    /// What apps know of samplers may be more than what the server does.
    private Sampling sampling() {
        String name = environment.text(SAMPLER);
        if (name == null) {
            return Sampling.DEFAULT;
        }
        String ratio = environment.text(SAMPLER_ARG);
        Sampling known =
                Resolve.checked(
                        SAMPLER_ARG,
                        () -> Sampling.of(name, takesRatio(name) ? number(ratio, 1) : 1));
        if (known == null) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "%s=%s is not known to the server, whose spans are sampled by parentbased_always_on"
                            .formatted(SAMPLER, name));
            return Sampling.DEFAULT;
        }
        return known;
    }

    private static boolean takesRatio(String sampler) {
        return sampler.toLowerCase(Locale.ROOT).endsWith("traceidratio");
    }

    private static double number(@Nullable String text, double otherwise) {
        try {
            return text == null ? otherwise : Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number from 0 to 1, not '" + text + "'");
        }
    }

    private Map<String, String> resource() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(TracingSettings.SERVICE_NAME, TracingSettings.DEFAULT_SERVICE_NAME);
        all.putAll(pairs(RESOURCE, environment.text(RESOURCE)));
        String service = environment.text(SERVICE);
        if (service != null) {
            all.put(TracingSettings.SERVICE_NAME, service);
        }
        return all;
    }

    private Map<String, String> headers() {
        return pairs(name("HEADERS"), environment.text(name("HEADERS")));
    }

    private Duration timeout() {
        String name = name("TIMEOUT");
        String text = environment.text(name);
        if (text == null) {
            return TracingSettings.DEFAULT_TIMEOUT;
        }
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new UsageError(name + ": must be a number of milliseconds, not '" + text + "'");
        }
        return Duration.ofMillis(Long.parseLong(text));
    }

    private boolean gzip() {
        String name = name("COMPRESSION");
        String text = environment.text(name);
        if (text == null || text.equals("none")) {
            return false;
        }
        if (!text.equals("gzip")) {
            throw new UsageError(name + ": must be gzip or none, not '" + text + "'");
        }
        return true;
    }

    private @Nullable Path certificate() {
        String text = environment.text(name("CERTIFICATE"));
        return text == null ? null : Path.of(text);
    }

    /// Of the variable that counts.
    private String name(String end) {
        return environment.text(TRACES + end) == null ? GENERAL + end : TRACES + end;
    }

    /// `name=value,name=value`, with `%` and two digits for what cannot be written.
    private static Map<String, String> pairs(String variable, @Nullable String text) {
        Map<String, String> all = new LinkedHashMap<>();
        if (text == null) {
            return all;
        }
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? "" : pair.substring(0, equals).strip();
            if (!name.isEmpty()) {
                all.put(name, decoded(variable, pair.substring(equals + 1).strip()));
            } else if (!pair.isBlank()) {
                throw new UsageError(variable + ": must be name=value,name=value");
            }
        }
        return all;
    }

    /// A plus is none of this coding.
    private static String decoded(String variable, String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new UsageError(variable + ": has a % without two digits behind it");
        }
    }
}
