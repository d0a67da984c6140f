package io.spvn.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where options are besides the command line.
final class ConfigOptions {
    static final String CHECK = "check-config";

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = {
                "TOML; its keys are names of options: workers = 4.",
                "Default: [tool.spvn] in pyproject.toml of --app-dir."
            })
    @Nullable Path file;

    @Option(
            names = "--" + CHECK,
            description = {"Show each option, its value and where that is from,", "and end."})
    boolean check;
}
