package io.spvn.cli;

import io.spvn.bridge.worker.AppLogging;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much is said, how and where.
final class LogOptions {
    @Option(
            names = {"-v", "--verbose"},
            description = {
                "Say what is refused and why; twice: each request",
                "too. Environment: SPVN_VERBOSE_PROC=1 or 2."
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
            description = {
                "text, or json: an object a line. Environment:",
                "SPVN_LOG_FORMAT. Default: text."
            })
    @Nullable LogStyle style;

    @Option(
            names = "--use-colors",
            negatable = true,
            description = {
                "Color levels. Environment: SPVN_USE_COLORS, NO_COLOR,",
                "FORCE_COLOR. Default: on a terminal only."
            })
    @Nullable Boolean colors;

    @Option(
            names = "--log-file",
            paramLabel = "FILE",
            description = {
                "Where it goes, - for standard error. SIGUSR1 opens it",
                "anew. Environment: SPVN_LOG_FILE. Default: -."
            })
    @Nullable String file;

    @Option(
            names = "--log-config",
            paramLabel = "FILE",
            description = {
                "For the app's logging, before its import: .json, .yaml",
                "or .yml for dictConfig, else for fileConfig.",
                "Environment: SPVN_LOG_CONFIG."
            })
    @Nullable String config;

    /// How what the app says is logged.
    AppLogging app(Environment environment) {
        String text = environment.orValue(config, Environment.LOG_CONFIG, value -> value);
        Path given = text == null ? null : Path.of(text).toAbsolutePath();
        if (given != null && !Files.isReadable(given)) {
            throw new UsageError("--log-config: there is no file %s to read".formatted(given));
        }
        return new AppLogging(style(environment) == LogStyle.JSON, given);
    }

    /// How records are written.
    LogStyle style(Environment environment) {
        return Resolve.or(
                environment.orValue(
                        style, Environment.LOG_FORMAT, text -> Syntax.choice(LogStyle.class, text)),
                LogStyle.TEXT);
    }

    /// Where they go, null for standard error.
    @Nullable Path file(Environment environment) {
        String where = environment.orValue(file, Environment.LOG_FILE, text -> text);
        return where == null || where.equals("-") ? null : Path.of(where);
    }
}
