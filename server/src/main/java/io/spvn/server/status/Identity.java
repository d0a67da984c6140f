package io.spvn.server.status;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What stays the same for as long as the server runs.
///
/// @param app that it serves
/// @param version of spvn
/// @param python its version
/// @param settings values of the options that were given, in their order
/// @param startedAt by the clock on the wall
/// @param startedNanos by [System#nanoTime]
public record Identity(
        String app,
        String version,
        String python,
        Map<String, String> settings,
        Instant startedAt,
        long startedNanos) {
    public Identity {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /// Of a server that starts now.
    public static Identity ofNow(
            String app, String version, String python, Map<String, String> settings) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return new Identity(app, version, python, settings, now, System.nanoTime());
    }

    Duration uptime(long now) {
        return Duration.ofNanos(now - startedNanos);
    }
}
