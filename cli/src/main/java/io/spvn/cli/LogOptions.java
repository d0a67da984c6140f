package io.spvn.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much is said.
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
}
