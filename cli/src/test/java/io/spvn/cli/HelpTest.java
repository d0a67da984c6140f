package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.loadtest.compare.ComparisonSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.OptionSpec;

final class HelpTest {
    private static final String HELP = help("serve");
    private static final String ATTACK = help("loadtest attack");
    private static final String COMPARE = help("loadtest compare");

    private static String help(String command) {
        return Invocation.of((command + " --help").split(" ", -1)).out();
    }

    @Test
    void root() {
        assertEquals(
                """
                Usage: spvn [-h] [--version] COMMAND
                Serves Python ASGI and WSGI apps, and puts servers under load.

                Options
                  -h, --help      Show this.
                      --version   Show the version.

                Commands
                  serve       Serves an app until SIGTERM or SIGINT.
                  status      Shows how a server does, by its admin address.
                  doctor      Shows what spvn runs on and, for an app, which kind of worker suits it.
                  loadtest    Puts servers under load and measures them.
                  completion  Writes a script that lets a shell complete commands and options.

                'spvn COMMAND -h' shows the options of a command.
                """,
                Invocation.of("-h").out());
    }

    @Test
    void serve_shortHelpFitsOneScreen() {
        String help = Invocation.of("serve", "-h").out();
        assertTrue(help.lines().count() <= 40, help);
        help.lines().forEach(line -> assertTrue(line.length() <= 80, line));
        assertTrue(help.contains("--check-config  "), help);
        assertTrue(help.contains("--help  "), help);
    }

    @Test
    void serve_longHelpHasBothNames() {
        assertEquals(HELP, Invocation.of("serve", "--help-all").out());
        assertTrue(HELP.contains("--h11-max-incomplete-event-size"), HELP);
    }

    @Test
    void loadtest() {
        assertEquals(
                """
                Usage: spvn loadtest [-h] [--version] COMMAND
                Puts servers under load and measures them.

                Options
                  -h, --help      Show this.
                      --version   Show the version.

                Commands
                  attack   Sends requests to a server, and reports how long the responses took.
                  compare  Measures spvn and other servers of Python apps in turn, on this machine.

                'spvn loadtest COMMAND -h' shows the options of a command.
                """,
                help("loadtest"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "doctor", "loadtest attack", "loadtest compare"})
    void linesFitATerminal(String command) {
        help(command).lines().forEach(line -> assertTrue(line.length() <= 90, line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "App",
                "Addresses",
                "Workers",
                "Replacement of workers",
                "Development",
                "Replacement of workers",
                "Limits",
                "Process",
                "Log",
                "Help"
            })
    void serve_isGrouped(String heading) {
        assertTrue(HELP.lines().anyMatch(heading::equals), HELP);
    }

    @ParameterizedTest
    @ValueSource(strings = {"serve", "doctor", "loadtest attack", "loadtest compare"})
    void everyOptionIsShownOnce(String command) {
        PicocliSetup.commandLine("", new PrintWriter(new StringWriter()))
                .parseArgs(command.split(" ", -1))
                .asCommandLineList()
                .getLast()
                .getCommandSpec()
                .options()
                .forEach(option -> assertShownOnce(option, help(command)));
    }

    private static void assertShownOnce(OptionSpec option, String help) {
        String name = option.longestName();
        String shown = option.negatable() ? "--\\[no-\\]" + name.substring(2) : name;
        long count =
                help.lines()
                        .filter(line -> line.matches(" .{1,7}(-.*, )?" + shown + "\\b(?!-).*"))
                        .filter(line -> line.stripLeading().startsWith("-"))
                        .count();
        assertEquals(1, count, name + "\n" + help);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Default: 127.0.0.1:8000.",
                "accepted. Default: 4096.",
                "SPVN_N_THREADS is its variable. Default: 1.",
                "one worker. Default: 1024.",
                "for a worker. Default: 5s.",
                "to arrive. Default: 10s.",
                "body to arrive. Default: 30s.",
                "of a response. Default: 30s.",
                "of a connection. Default: 75s.",
                "start-up. Default: 60s.",
                "SIGTERM. Default: 30s.",
                "Default: 1s."
            })
    void serve_showsDefaults(String text) {
        assertTrue(HELP.contains(text), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Load", "Request", "Report", "Help"})
    void attack_isGrouped(String heading) {
        assertTrue(ATTACK.lines().anyMatch(heading::equals), ATTACK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a second. Default: 50.",
                "  Default: 64.",
                "the attack. Default: 10s.",
                "  Default: 10s.",
                "Default: GET, with --body POST."
            })
    void attack_showsDefaults(String text) {
        assertTrue(ATTACK.contains(text), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"What is compared", "For how long", "Report", "Help"})
    void compare_isGrouped(String heading) {
        assertTrue(COMPARE.lines().anyMatch(heading::equals), COMPARE);
    }

    @Test
    void compare_showsDefaults() {
        assertDefaults("scenarios.", ComparisonSettings::defaultRounds, "");
        assertDefaults(
                "round.", quick -> ComparisonSettings.defaultSeconds(quick).toSeconds(), "s");
        assertDefaults("start.", quick -> ComparisonSettings.defaultWarmup(quick).toSeconds(), "s");
    }

    private static void assertDefaults(
            String before, Function<Boolean, Number> value, String unit) {
        String text =
                "%s Default: %d%s, with --quick %d%s."
                        .formatted(before, value.apply(false), unit, value.apply(true), unit);
        assertTrue(COMPARE.replaceAll("\\s+", " ").contains(text), text + "\n" + COMPARE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--version",
                "serve --version",
                "doctor --version",
                "loadtest --version",
                "loadtest attack --version",
                "loadtest compare --version"
            })
    void version(String args) {
        Invocation invocation = Invocation.of(args.split(" ", -1));
        assertEquals(
                "spvn %s (Java %s, Python 3.13.0, Jep 4.3.1)\n"
                        .formatted(
                                System.getProperty("spvn.version"),
                                System.getProperty("java.version")),
                invocation.out());
        assertEquals(0, invocation.exitCode());
    }

    @Test
    void version_withoutPython() {
        Invocation invocation = Invocation.with(Map.of(), Map.of(), "--version");
        assertTrue(invocation.out().endsWith(", Python not found, Jep 4.3.1)\n"), invocation.out());
    }
}
