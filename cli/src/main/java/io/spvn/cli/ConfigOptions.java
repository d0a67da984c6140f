package io.spvn.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where options are besides the command line.
final class ConfigOptions {
    static final String FILE = "config";
    static final String CHECK = "check-config";

    @Option(
            names = {"-c", "--" + FILE},
            paramLabel = "FILE",
            description = {
                "TOML; its keys are names of options: workers = 4.",
                "A list is an array there, and in a variable of the",
                "environment a text with commas, with a line for each,",
                "or an array as well: [\"x-a: b, c\", \"x-d: e\"].",
                "Default: [tool.spvn] in pyproject.toml of --app-dir."
            })
    @Nullable Path file;

    @Option(
            names = "--" + CHECK,
            description = {"Show each option, its value and where that is from,", "and end."})
    boolean check;
}
