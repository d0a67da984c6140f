package io.spvn.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `spvn loadtest compare` and its options as they were written; null where one was not given.
@Command(
        addMethodSubcommands = false,
        name = "compare",
        description = "Measures spvn and other servers of Python apps in turn, on this machine.",
        customSynopsis = "spvn loadtest compare [OPTION]...",
        footer = {
            "",
            "A duration is 5, 5s, 100ms or 1m. A list has commas, and may be repeated.",
            "",
            "The other servers are installed once, for the Python that spvn runs on.",
            "SIGINT (Ctrl-C) ends the comparison with a report of what was done.",
            "",
            "Exit codes: 0 it ran to its end, whatever it found; 1 it ended early; 2 wrong options;",
            "4 something is missing; 130 ended by SIGINT, 143 by SIGTERM."
        })
final class CompareCommand implements SpvnCommand {
    @Mixin final Choice choice = new Choice();
    @Mixin final Length length = new Length();
    @Mixin final Report report = new Report();
    @Mixin final HelpOptions help = new HelpOptions();

    static final class Choice {
        @Option(
                names = "--peers",
                paramLabel = "NAMES",
                split = ",",
                hideParamSyntax = true,
                description = "The servers. Default: all, with --quick the closest.")
        List<String> peers = new ArrayList<>();

        @Option(
                names = "--scenario",
                paramLabel = "NAMES",
                split = ",",
                hideParamSyntax = true,
                description = "What they are put through. Default: all.")
        List<String> scenario = new ArrayList<>();

        @Option(
                names = "--document",
                paramLabel = "FILE",
                description = {
                    "The JSON document that is posted.",
                    "Default: one that is made, of the size of canada.json."
                })
        @Nullable Path document;

        @Option(names = "--list", description = "Show the names of servers and scenarios.")
        boolean list;
    }

    static final class Length {
        @Option(
                names = "--rounds",
                paramLabel = "N",
                description = {
                    "Of each server through the scenarios.",
                    "Default: 3, with --quick 1."
                })
        @Nullable Integer rounds;

        @Option(
                names = "--seconds",
                paramLabel = "TIME",
                description = "Of each scenario and round. Default: 5s, with --quick 1s.")
        @Nullable Duration seconds;

        @Option(
                names = "--warmup",
                paramLabel = "TIME",
                description = "Of a server after its start. Default: 5s, with --quick 2s.")
        @Nullable Duration warmup;

        @Option(names = "--quick", description = "One short round of all scenarios.")
        boolean quick;
    }

    static final class Report {
        @Option(
                names = "--out",
                paramLabel = "DIR",
                description = {
                    "Made if missing; gets comparison.json, comparison.md",
                    "and report.html. Default: comparison-DATE-TIME."
                })
        @Nullable Path out;

        @Option(names = "--json", description = "The report as JSON.")
        boolean json;
    }
}
