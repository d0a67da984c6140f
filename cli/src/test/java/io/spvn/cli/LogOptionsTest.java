package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.ServerConfig;
import io.spvn.server.ServerConfig.Logs;
import io.spvn.server.access.AccessSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.ParseResult;

/// What is logged, how and where.
final class LogOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "'',               '',    INFO,  false",
        "-v,               '',    DEBUG, false",
        "-v -v,            '',    TRACE, true",
        "-vv,              '',    TRACE, true",
        "'',               1,     DEBUG, false",
        "'',               2,     TRACE, true",
        "'',               true,  DEBUG, false",
        "-v,               2,     DEBUG, false",
        "--log-level=error, 1,    ERROR, false",
        "-vv --log-level=warning, '', WARNING, true"
    })
    void verbosity(String options, String variable, LogLevel level, boolean stackTraces) {
        assertEquals(
                new LogSettings(level, stackTraces, LogStyle.TEXT, false, null),
                logSettings(options, Map.of("SPVN_VERBOSE_PROC", variable), false));
    }

    private static LogSettings logSettings(
            String options, Map<String, String> variables, boolean terminal) {
        ParseResult parsed =
                PicocliSetup.commandLine("", new PrintWriter(new StringWriter()))
                        .parseArgs(("serve m " + options).strip().split(" ", -1))
                        .subcommand();
        Environment environment = new Environment(variables);
        new OptionValues(parsed.commandSpec(), environment).fromEnvironment();
        LogOptions log = ((ServeCommand) parsed.commandSpec().userObject()).log();
        return new LogReader(log, environment, terminal).settings();
    }

    @ParameterizedTest
    @CsvSource({
        "'',                              '',          '',    false, false",
        "'',                              '',          '',    true,  true",
        "--no-use-colors,                 FORCE_COLOR, 1,     true,  false",
        "--use-colors,                    NO_COLOR,    1,     false, true",
        "'',                              NO_COLOR,    1,     true,  false",
        "'',                              FORCE_COLOR, 1,     false, true",
        "'',                              FORCE_COLOR, 0,     false, false",
        "'',                              TERM,        dumb,  true,  false",
        "'',                              SPVN_USE_COLORS, on, false, true",
        "--log-file /x,                   FORCE_COLOR, 1,     true,  false",
        "--log-file -,                    '',          '',    true,  true"
    })
    void colors(String options, String name, String value, boolean terminal, boolean colors) {
        Map<String, String> variables = name.isEmpty() ? Map.of() : Map.of(name, value);
        assertEquals(colors, logSettings(options, variables, terminal).colors());
    }

    @Test
    void log_asJsonIntoAFile() {
        assertEquals(
                new LogSettings(
                        LogLevel.INFO, false, LogStyle.JSON, false, Path.of("/var/log/spvn")),
                logSettings("--log-format=json", Map.of("SPVN_LOG_FILE", "/var/log/spvn"), true));
    }

    @ParameterizedTest
    @CsvSource({
        "--access-log,                       combined, ",
        "--access-logfile=-,                 combined, ",
        "--access-logfile=a.log,             combined, a.log",
        "--access-log --access-log-fmt %(h)s,  %(h)s,  ",
        "--access-log --access-logformat json, json,   "
    })
    void accessLog(String options, String format, @Nullable Path file) {
        ServerConfig config = Invocation.of(("serve m " + options).split(" ", -1)).config();
        assertEquals(new Logs(new AccessSettings(format, file), false), config.logs());
    }

    @Test
    void accessLog_isOffWhenThatIsSaid() {
        String[] args = {"serve", "m", "--access-log-file=a.log", "--no-access-log"};
        assertEquals(Logs.DEFAULT, Invocation.of(args).config().logs());
    }

    @ParameterizedTest
    @CsvSource({
        "--access-log-format=%(x)s, '--access-log-format: there is no atom %(x)s; take one of h, '",
        "--access-log-format=100%, '--access-log-format: ''100%'' has a % that begins no atom'",
        "--log-format=xml, '--log-format: ''xml'' is not one of text, json'",
        "--log-config=/none.json, --log-config: there is no file /none.json to read"
    })
    void wrongLogOptions(String option, String complaint) {
        Invocation invocation = Invocation.of("serve", "m", option);
        assertEquals(2, invocation.exitCode());
        assertTrue(invocation.err().startsWith("spvn: " + complaint), invocation.err());
    }
}
