package io.spvn.cli;

import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/// The same as [HelpOptions] for a command that has many options.
final class ServeHelpOptions {
    private static final String ALL = "--help";
    private static final String ALL_TOO = "--help-all";

    @Option(
            names = {"-h", ALL, ALL_TOO},
            usageHelp = true,
            description = "-h: the options that matter most; --help: all.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    boolean version;

    /// Whether all options are to be shown.
    static boolean asksForAll(ParseResult parsed) {
        List<String> args = parsed.originalArgs();
        return args.contains(ALL) || args.contains(ALL_TOO);
    }
}
