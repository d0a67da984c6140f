package io.spvn.cli;

import io.spvn.server.ServerConfig.Logs;
import io.spvn.server.access.AccessSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The log of requests.
final class AccessLogOptions {
    @Option(
            names = "--access-log",
            negatable = true,
            description = {
                "A line for each request. Environment:",
                "SPVN_ACCESS_LOG. Default: off."
            })
    @Nullable Boolean on;

    @Option(
            names = {"--access-log-format", "--access-logformat", "--access-log-fmt"},
            paramLabel = "FORMAT",
            description = {
                "combined, json, or text with gunicorn's atoms such",
                "as %%(h)s. Environment: SPVN_ACCESS_LOG_FORMAT.",
                "Default: combined."
            })
    @Nullable String format;

    @Option(
            names = {"--access-log-file", "--access-logfile"},
            paramLabel = "FILE",
            description = {
                "Where it goes, - for standard output; turns it on.",
                "SIGUSR1 opens it anew. Environment:",
                "SPVN_ACCESS_LOG_FILE. Default: -."
            })
    @Nullable String file;

    @Option(
            names = "--request-id",
            negatable = true,
            description = {
                "Take over X-Request-ID or make one, for the app, logs",
                "and response. Environment: SPVN_REQUEST_ID.",
                "Default: off."
            })
    @Nullable Boolean requestId;

    /// What is told of requests.
    Logs logs(Environment environment) {
        Boolean ids = environment.orValue(requestId, Environment.REQUEST_ID, Syntax::flag);
        return new Logs(settings(environment), Resolve.or(ids, false));
    }

    private @Nullable AccessSettings settings(Environment environment) {
        String where = environment.orValue(file, Environment.ACCESS_LOG_FILE, text -> text);
        Boolean said = environment.orValue(on, Environment.ACCESS_LOG, Syntax::flag);
        String how = environment.orValue(format, Environment.ACCESS_LOG_FORMAT, text -> text);
        AccessSettings settings =
                Resolve.checked(
                        "--access-log-format",
                        () ->
                                new AccessSettings(
                                        Resolve.or(how, AccessSettings.DEFAULT_FORMAT),
                                        path(where)));
        return Resolve.or(said, where != null) ? settings : null;
    }

    private static @Nullable Path path(@Nullable String where) {
        return where == null || where.equals("-") ? null : Path.of(where);
    }
}
