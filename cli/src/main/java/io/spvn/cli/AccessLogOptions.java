package io.spvn.cli;

import io.spvn.server.ServerConfig.Logs;
import io.spvn.server.access.AccessSettings;
import io.spvn.server.tracing.TracingSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The log of requests.
final class AccessLogOptions {
    private static final Path STANDARD = Path.of("-");

    @Option(
            names = "--access-log",
            negatable = true,
            description = "A line for each request. Default: off.")
    @Nullable Boolean on;

    @Option(
            names = {"--access-log-format", "--access-logformat", "--access-log-fmt"},
            paramLabel = "FORMAT",
            description = {
                "combined, json, or text with gunicorn's atoms such",
                "as %%(h)s. Default: combined."
            })
    @Nullable String format;

    @Option(
            names = {"--access-log-file", "--access-logfile"},
            paramLabel = "FILE",
            description = {
                "Where it goes, - for standard output; turns it on.",
                "SIGUSR1 opens it anew. Default: -."
            })
    @Nullable Path file;

    @Option(
            names = "--request-id",
            negatable = true,
            description = {
                "Take over X-Request-ID or make one, for the app, logs",
                "and response. Default: off."
            })
    @Nullable Boolean requestId;

    /// What is told of requests.
    ///
    /// @param tracing how they are traced, null for not at all
    Logs logs(@Nullable TracingSettings tracing) {
        return new Logs(settings(), Resolve.or(requestId, false), tracing);
    }

    private @Nullable AccessSettings settings() {
        AccessSettings settings =
                Resolve.checked(
                        "--access-log-format",
                        () ->
                                new AccessSettings(
                                        Resolve.or(format, AccessSettings.DEFAULT_FORMAT), path()));
        return Resolve.or(on, file != null) ? settings : null;
    }

    private @Nullable Path path() {
        return file == null || file.equals(STANDARD) ? null : file;
    }
}
