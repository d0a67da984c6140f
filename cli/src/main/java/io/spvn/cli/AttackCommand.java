package io.spvn.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `spvn loadtest attack` and its options as they were written; null where one was not given.
@Command(
        addMethodSubcommands = false,
        name = "attack",
        description = "Sends requests to a server, and reports how long the responses took.",
        customSynopsis = "spvn loadtest attack [OPTION]... URL",
        parameterListHeading = "%n",
        footer = {
            "",
            "A duration is 5, 5s, 100ms or 1m.",
            "",
            "With --rate and --ramp a request is sent when it is due, however slow the server",
            "is, and its latency runs from then. With --closed a slow server gets fewer requests,",
            "and the time for which it keeps the others waiting is not seen.",
            "",
            "SIGINT (Ctrl-C) ends the attack with a report of what was done.",
            "",
            "Exit codes: 0 each request had a response, of whatever status; 1 some had none, or",
            "there is no server; 2 wrong options; 4 something is missing; 130 ended by SIGINT,",
            "143 by SIGTERM."
        })
final class AttackCommand implements SpvnCommand {
    static final int DEFAULT_RATE = 50;
    static final int DEFAULT_CONNECTIONS = 64;
    static final int DEFAULT_DURATION_SECONDS = 10;
    static final int DEFAULT_TIMEOUT_SECONDS = 10;

    @Parameters(
            arity = "0..1",
            paramLabel = "URL",
            description = "Where to: http://127.0.0.1:8000/path?query")
    @Nullable String url;

    @Mixin final LoadOptions load = new LoadOptions();
    @Mixin final RequestOptions request = new RequestOptions();
    @Mixin final Report report = new Report();
    @Mixin final HelpOptions help = new HelpOptions();

    static final class LoadOptions {
        @Option(
                names = {"-r", "--rate"},
                paramLabel = "N",
                description = "Requests a second. Default: " + DEFAULT_RATE + ".")
        @Nullable Double rate;

        @Option(
                names = "--ramp",
                paramLabel = "FROM:TO",
                description = "A rate that grows, or falls, evenly over the duration.")
        @Nullable RateSpan ramp;

        @Option(
                names = "--closed",
                description = {
                    "No rate: each connection sends its next request",
                    "when it has the response to the one before."
                })
        boolean closed;

        @Option(
                names = {"-c", "--connections"},
                paramLabel = "N",
                description = {
                    "Connections, all opened ahead of the attack.",
                    "Default: " + DEFAULT_CONNECTIONS + "."
                })
        @Nullable Integer connections;

        @Option(
                names = {"-d", "--duration"},
                paramLabel = "TIME",
                description = "Of the attack. Default: " + DEFAULT_DURATION_SECONDS + "s.")
        @Nullable Duration duration;

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                description = {
                    "From when a request is due to the end of its response.",
                    "Default: " + DEFAULT_TIMEOUT_SECONDS + "s."
                })
        @Nullable Duration timeout;

        @Option(
                names = "--no-warmup",
                description = {
                    "Begin at once: without the second in which this",
                    "program makes itself warm, on a server of its own."
                })
        boolean noWarmup;

        @Option(
                names = "--allow-remote",
                description = {
                    "Let a host other than this one be attacked. Only if",
                    "it is yours, or its owner agrees."
                })
        boolean allowRemote;
    }

    static final class RequestOptions {
        @Option(
                names = {"-X", "--method"},
                paramLabel = "METHOD",
                description = "Default: GET, with --body POST.")
        @Nullable String method;

        @Option(
                names = {"-H", "--header"},
                paramLabel = "FIELD",
                description = "'Name: value'; may be repeated.")
        List<String> header = new ArrayList<>();

        @Option(
                names = "--body",
                paramLabel = "FILE|TEXT",
                description = {
                    "The content of a file, or a text:",
                    "  @FILE  a file, which must be there",
                    "  TEXT   the file of that name, if there is one;",
                    "         else an error if it looks like a path: a slash,",
                    "         and besides only letters, digits and . _ ~ + -;",
                    "         else the text itself, in UTF-8"
                })
        @Nullable String body;
    }

    static final class Report {
        @Option(
                names = "--out",
                paramLabel = "DIR",
                description = {
                    "Made if missing; gets run.json and report.html, in",
                    "place of those of an earlier attack."
                })
        @Nullable Path out;

        @Option(names = "--json", description = "The report as JSON.")
        boolean json;

        @Option(names = "--no-progress", description = "Say nothing until the report.")
        boolean quiet;
    }
}
