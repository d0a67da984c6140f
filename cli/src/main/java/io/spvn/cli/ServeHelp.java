package io.spvn.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The options of `serve`: with `-h` those that matter most, a line for each, else all of them in
/// groups.
///
/// @param all shows all
record ServeHelp(HelpGroups all) implements IHelpSectionRenderer {
    private static final String LINE = "  %-27s %s%n";

    /// What matters most, in a line.
    ///
    /// @param name of the option
    private record Line(String name, String text) {}

    private static final List<Line> MOST =
            List.of(
                    new Line("--bind", "IP:PORT or unix:/path. Default: 127.0.0.1:8000."),
                    new Line("--workers", "Run the app so many times in parallel. Default: 1."),
                    new Line("--isolation", "auto, main, process or subinterpreter."),
                    new Line("--watch", "For development: reload when files change."),
                    new Line("--app-dir", "Look for modules there first. Default: here."),
                    new Line("--factory", "TARGET is a function that makes the app."),
                    new Line("--interface", "auto, asgi3, asgi2, wsgi. Default: auto."),
                    new Line("--env-file", "Variables for the app: NAME=VALUE."),
                    new Line("--root-path", "Where a proxy has mounted the app."),
                    new Line("--ssl-cert-file", "Serve HTTPS with this certificate."),
                    new Line("--ssl-key-file", "Its key, if it is not in that file."),
                    new Line("--limit-connections", "Open connections. Default: what fits."),
                    new Line("--limit-body", "Bytes of a request's body, as 10M. Default: any."),
                    new Line("--queue-size", "Requests that may wait for one worker: 1024."),
                    new Line("--queue-timeout", "For a request to wait for a worker: 5s."),
                    new Line("--timeout-keep-alive", "For a connection's next request: 75s."),
                    new Line("--graceful-timeout", "For all to end after SIGTERM: 30s."),
                    new Line("--max-requests", "Replace a worker after so many requests."),
                    new Line("--admin-bind", "Status page, metrics and health at IP:PORT."),
                    new Line("--log-level", "error, warning, info, debug or trace."),
                    new Line("--config", "Read options from a TOML file."),
                    new Line("--check-config", "Show what is set, and from where, and end."));

    @Override
    public String render(Help help) {
        CommandSpec command = help.commandSpec();
        return ServeHelpOptions.asksForAll(command.commandLine().getParseResult())
                ? all.render(help)
                : most(command);
    }

    private static String most(CommandSpec command) {
        return MOST.stream()
                .map(line -> line(requireNonNull(command.findOption(line.name())), line.text()))
                .collect(
                        Collectors.joining(
                                "",
                                "%nOptions%n".formatted(),
                                LINE.formatted("--help", "Show all options.")));
    }

    private static String line(OptionSpec option, String text) {
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        String flag = OptionName.flag(option);
        String shorter = option.shortestName().length() == 2 ? option.shortestName() + ", " : "";
        return LINE.formatted(shorter + flag + value, text);
    }
}
