package io.spvn.cli;

import io.spvn.bridge.worker.AppLogging;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much is said, how and where.
final class LogOptions {
    private static final Path STANDARD = Path.of("-");

    @Option(
            names = {"-v", "--verbose"},
            description = {
                "Say what is refused and why; twice: each request",
                "too. SPVN_VERBOSE_PROC is 1 or 2."
            })
    boolean[] verbose = {};

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "error, warning, info, debug or trace. Default: info.")
    @Nullable LogLevel level;

    @Option(
            names = "--log-format",
            paramLabel = "STYLE",
            description = "text, or json: an object a line. Default: text.")
    @Nullable LogStyle style;

    @Option(
            names = "--use-colors",
            negatable = true,
            description = {
                "Color levels; NO_COLOR and FORCE_COLOR count, too.",
                "Default: on a terminal only."
            })
    @Nullable Boolean colors;

    @Option(
            names = {"--log-file", "--error-logfile"},
            paramLabel = "FILE",
            description = {
                "Where it goes, - for standard error. SIGUSR1 opens it",
                "anew. Default: -."
            })
    @Nullable Path file;

    @Option(
            names = "--log-config",
            paramLabel = "FILE",
            description = {
                "For the app's logging, before its import: .json, .yaml",
                "or .yml for dictConfig, else for fileConfig."
            })
    @Nullable Path config;

    /// How what the app says is logged.
    AppLogging app() {
        Path given = config == null ? null : config.toAbsolutePath();
        if (given != null && !Files.isReadable(given)) {
            throw new UsageError("--log-config: there is no file %s to read".formatted(given));
        }
        return new AppLogging(style() == LogStyle.JSON, given);
    }

    /// How records are written.
    LogStyle style() {
        return Resolve.or(style, LogStyle.TEXT);
    }

    /// Where they go, null for standard error.
    @Nullable Path file() {
        return file == null || file.equals(STANDARD) ? null : file;
    }
}
