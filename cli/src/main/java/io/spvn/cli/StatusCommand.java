package io.spvn.cli;

import io.spvn.server.Bind;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `spvn status` and its options as they were written; null where one was not given.
@Command(
        addMethodSubcommands = false,
        name = "status",
        description = "Shows how a server does, by its admin address.",
        customSynopsis = "spvn status [OPTION]... [ADDRESS]",
        parameterListHeading = "%n",
        footer = {
            "",
            "Exit codes: 0 shown, 2 wrong options, 4 nothing answers there, 1 anything else."
        })
final class StatusCommand implements SpvnCommand {
    private static final String DEFAULT_ADDRESS = "127.0.0.1:9090";

    @Mixin final Show show = new Show();
    @Mixin final HelpOptions help = new HelpOptions();

    /// What is shown, and of whom.
    static final class Show {
        @Parameters(
                arity = "0..1",
                paramLabel = "ADDRESS",
                description = {
                    "What the server has as --admin-bind: IP:PORT,",
                    "http://IP:PORT or unix:/path. Default: " + DEFAULT_ADDRESS + "."
                })
        @Nullable String address;

        @Option(
                names = {"-w", "--watch"},
                description = {"Show it again every second, until q or Ctrl-C."})
        boolean watch;

        @Option(
                names = "--json",
                description = {"Show what the server says, a line of JSON each time."})
        boolean json;
    }

    /// What the options ask for.
    StatusRun.Settings settings() {
        String text = show.address == null ? DEFAULT_ADDRESS : show.address;
        return new StatusRun.Settings(
                Resolve.checked("ADDRESS", () -> bind(text)),
                show.watch ? Duration.ofSeconds(1) : null,
                show.json);
    }

    private static Bind bind(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("https:")) {
            throw new IllegalArgumentException("an admin address speaks plain http, not https");
        }
        String rest = lower.startsWith("http://") ? text.substring("http://".length()) : text;
        int slash = rest.startsWith("unix:") ? -1 : rest.indexOf('/');
        return Syntax.bind(slash < 0 ? rest : rest.substring(0, slash));
    }
}
