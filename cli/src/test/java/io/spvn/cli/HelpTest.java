package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

final class HelpTest {
    private static final String HELP = Invocation.of("serve", "--help").out();

    @Test
    void root() {
        assertEquals(
                """
                Usage: spvn [-h] [--version] COMMAND
                Serves Python ASGI and WSGI apps.

                Options
                  -h, --help      Show this.
                      --version   Show the version.

                Commands
                  serve  Serves an app until SIGTERM or SIGINT.

                'spvn COMMAND -h' shows the options of a command.
                """,
                Invocation.of("-h").out());
    }

    @Test
    void serve_linesFitATerminal() {
        HELP.lines().forEach(line -> assertTrue(line.length() <= 90, line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"App", "Addresses", "Workers", "Limits", "Process", "Log", "Help"})
    void serve_isGrouped(String heading) {
        assertTrue(HELP.lines().anyMatch(heading::equals), HELP);
    }

    @Test
    void serve_showsEveryOptionOnce() {
        PicocliSetup.commandLine(new ServeCommand(), "", new PrintWriter(new StringWriter()))
                .parseArgs("serve")
                .subcommand()
                .commandSpec()
                .options()
                .forEach(HelpTest::assertShownOnce);
    }

    private static void assertShownOnce(OptionSpec option) {
        String name = option.longestName();
        long count =
                HELP.lines()
                        .filter(line -> line.matches(" .{1,7}(-.*, )?" + name + "\\b(?!-).*"))
                        .filter(line -> line.stripLeading().startsWith("-"))
                        .count();
        assertEquals(1, count, name + "\n" + HELP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                Environment.BIND,
                Environment.WORKERS,
                Environment.ISOLATION,
                Environment.VERBOSITY,
                Environment.USER,
                Environment.PROC_DIR
            })
    void serve_namesEveryEnvironmentVariable(String name) {
        assertTrue(HELP.contains(name), name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Default: 127.0.0.1:8000.",
                "accepted. Default: 4096.",
                "SPVN_N_THREADS. Default: 1.",
                "one worker. Default: 1024.",
                "for a worker. Default: 5s.",
                "to arrive. Default: 10s.",
                "body to arrive. Default: 30s.",
                "of a response. Default: 30s.",
                "of a connection. Default: 75s.",
                "start-up. Default: 60s.",
                "SIGTERM. Default: 30s."
            })
    void serve_showsDefaults(String text) {
        assertTrue(HELP.contains(text), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "serve --version"})
    void version(String args) {
        Invocation invocation = Invocation.of(args.split(" ", -1));
        assertEquals(
                "spvn %s (Java %s, Python 3.13.0)\n"
                        .formatted(
                                System.getProperty("spvn.version"),
                                System.getProperty("java.version")),
                invocation.out());
        assertEquals(0, invocation.exitCode());
    }

    @Test
    void version_withoutPython() {
        Invocation invocation = Invocation.with(Map.of(), Map.of(), "--version");
        assertTrue(invocation.out().endsWith(", Python not found)\n"), invocation.out());
    }
}
