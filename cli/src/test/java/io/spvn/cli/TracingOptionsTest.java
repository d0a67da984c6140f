package io.spvn.cli;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.tracing.Sampling;
import io.spvn.server.tracing.TracingSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where spans go, and what the standard variables say of them.
class TracingOptionsTest {
    private static TracingSettings settings(String url, Map<String, String> variables) {
        Invocation invocation =
                Invocation.with(variables, "serve", "m:app", "--trace-endpoint", url);
        return requireNonNull(invocation.config().logs().tracing());
    }

    private static TracingSettings settings(Map<String, String> variables) {
        return settings("http://c:4318", variables);
    }

    @Test
    void standardVariablesAlone_areTheAppsAndTurnNothingOn() {
        Map<String, String> variables =
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://c:4318", "OTEL_SERVICE_NAME", "shop");
        assertNull(Invocation.with(variables, "serve", "m:app").config().logs().tracing());
    }

    @Test
    void variablesOfTheApp_areNotLookedAtWithoutSpansOfTheServer() {
        Map<String, String> variables = Map.of("OTEL_EXPORTER_OTLP_TIMEOUT", "x");
        assertEquals(0, Invocation.with(variables, "serve", "m:app").exitCode());
    }

    @ParameterizedTest
    @CsvSource({
        "http://c:4318, http://c:4318/v1/traces",
        "http://c:4318/, http://c:4318/v1/traces",
        "HTTPS://c, HTTPS://c/v1/traces",
        "http://[::1]:4318, http://[::1]:4318/v1/traces",
        "https://c/otlp/spans, https://c/otlp/spans",
        "http://c?key=1, http://c?key=1"
    })
    void endpoint_isTheCollectorsOrThatOfItsSpans(String url, String expected) {
        assertEquals(expected, settings(url, Map.of()).endpoint().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "c:4318, must be a URL such as http://localhost:4318",
        "grpc://c:4317, must be a URL such as http://localhost:4318",
        "http:///v1/traces, there is no host in 'http:///v1/traces'",
        "http://a b, 'http://a b' is not a URL",
        "http://u:p@c, a user and password are not taken from the URL"
    })
    void endpoint_thatIsNone_isRefused(String url, String complaint) {
        Invocation invocation = Invocation.of("serve", "m:app", "--trace-endpoint", url);
        assertEquals(2, invocation.exitCode());
        assertTrue(
                invocation.err().startsWith("spvn: --trace-endpoint: " + complaint),
                invocation.err());
    }

    @ParameterizedTest
    @CsvSource({
        "'',                         '',   true,  1",
        "always_on,                  '',   false, 1",
        "always_off,                 0.5,  false, 0",
        "traceidratio,               0.25, false, 0.25",
        "traceidratio,               '',   false, 1",
        "parentbased_always_on,      '',   true,  1",
        "parentbased_always_off,     '',   true,  0",
        "parentbased_traceidratio,   0.01, true,  0.01",
        "PARENTBASED_TRACEIDRATIO,   0.01, true,  0.01",
        "parentbased_jaeger_remote,  http://j, true, 1"
    })
    void sampler(String name, String argument, boolean byParent, double ratio) {
        Map<String, String> variables =
                Map.of("OTEL_TRACES_SAMPLER", name, "OTEL_TRACES_SAMPLER_ARG", argument);
        assertEquals(new Sampling(byParent, ratio), settings(variables).sampling());
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', spvn",
        "'', shop, shop",
        "service.name=a, '', a",
        "service.name=a, shop, shop"
    })
    void serviceName(String attributes, String name, String expected) {
        Map<String, String> variables =
                Map.of("OTEL_RESOURCE_ATTRIBUTES", attributes, "OTEL_SERVICE_NAME", name);
        assertEquals(Map.of("service.name", expected), settings(variables).resource());
    }

    @Test
    void variablesOfTraces_countBeforeThoseOfEverything() {
        Map<String, String> variables = new HashMap<>();
        give(variables, "HEADERS", "a=1", "b=x%20y+z, c = 2");
        give(variables, "TIMEOUT", "1", "500");
        give(variables, "COMPRESSION", "none", "gzip");
        give(variables, "CERTIFICATE", "/a.pem", "/b.pem");
        TracingSettings settings = settings(variables);
        assertEquals(Map.of("b", "x y+z", "c", "2"), settings.headers());
        assertEquals(Duration.ofMillis(500), settings.timeout());
        assertTrue(settings.gzip());
        assertEquals(Path.of("/b.pem"), settings.certificate());
        variables.keySet().removeIf(name -> name.startsWith("OTEL_EXPORTER_OTLP_TRACES_"));
        assertEquals(Map.of("a", "1"), settings(variables).headers());
    }

    private static void give(
            Map<String, String> variables, String name, String general, String traces) {
        variables.put("OTEL_EXPORTER_OTLP_" + name, general);
        variables.put("OTEL_EXPORTER_OTLP_TRACES_" + name, traces);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTEL_TRACES_SAMPLER_ARG | 1.5 | must be a number from 0 to 1, not 1.5",
                "OTEL_TRACES_SAMPLER_ARG | NaN | must be a number from 0 to 1, not NaN",
                "OTEL_TRACES_SAMPLER_ARG | half | must be a number from 0 to 1, not 'half'",
                "OTEL_RESOURCE_ATTRIBUTES | a | must be name=value,name=value",
                "OTEL_RESOURCE_ATTRIBUTES | a=% | has a % without two digits behind it",
                "OTEL_EXPORTER_OTLP_HEADERS | =1 | must be name=value,name=value",
                "OTEL_EXPORTER_OTLP_TIMEOUT | 0 | must be a number of milliseconds, not '0'",
                "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION | zstd | must be gzip or none, not 'zstd'"
            })
    void variableThatIsWrong_isNamed(String name, String value, String complaint) {
        Map<String, String> variables = new HashMap<>();
        variables.put("SPVN_TRACE_ENDPOINT", "http://c");
        variables.put("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
        variables.put(name, value);
        Invocation invocation = Invocation.with(variables, "serve", "m:app");
        assertEquals(2, invocation.exitCode());
        String expected = "spvn: %s: %s".formatted(name, complaint);
        assertTrue(invocation.err().startsWith(expected), invocation.err());
    }
}
