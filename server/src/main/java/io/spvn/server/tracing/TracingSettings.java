package io.spvn.server.tracing;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which spans are made, and where they go.
///
/// @param endpoint that takes them, by OTLP over HTTP
/// @param sampling of requests
/// @param resource attributes of who makes them, such as `service.name`
/// @param headers for the endpoint, which may be secret
/// @param timeout of a batch, with all tries
/// @param gzip whether they are compressed
/// @param certificate who has signed the endpoint's, in PEM; null for those whom Java trusts
public record TracingSettings(
        URI endpoint,
        Sampling sampling,
        Map<String, String> resource,
        Map<String, String> headers,
        Duration timeout,
        boolean gzip,
        @Nullable Path certificate) {
    public static final String SERVICE_NAME = "service.name";
    public static final String DEFAULT_SERVICE_NAME = "spvn";
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    private static final String PATH = "/v1/traces";

    public TracingSettings {
        resource = Map.copyOf(resource);
        headers = Map.copyOf(headers);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout must be positive, not " + timeout);
        }
    }

    /// Where a collector takes spans.
    ///
    /// @param url its own, or that of its spans
    /// @throws IllegalArgumentException that says what is wrong with it
    public static URI endpoint(String url) {
        URI given = parsed(url);
        String scheme = String.valueOf(given.getScheme());
        if (!scheme.equalsIgnoreCase("http") && !scheme.equalsIgnoreCase("https")) {
            throw new IllegalArgumentException(
                    "must be a URL such as http://localhost:4318, not '%s'; OTLP is spoken over"
                                    .formatted(url)
                            + " HTTP, not gRPC");
        }
        if (given.getHost() == null) {
            throw new IllegalArgumentException("there is no host in '%s'".formatted(url));
        }
        if (given.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "a user and password are not taken from the URL; set"
                            + " OTEL_EXPORTER_OTLP_TRACES_HEADERS=authorization=...");
        }
        String path = given.getRawPath();
        boolean bare = path == null || path.isEmpty() || path.equals("/");
        return bare && given.getRawQuery() == null ? given.resolve(PATH) : given;
    }

    private static URI parsed(String url) {
        try {
            return new URI(url);
        } catch (URISyntaxException noUrl) {
            throw new IllegalArgumentException("'%s' is not a URL".formatted(url));
        }
    }
}
