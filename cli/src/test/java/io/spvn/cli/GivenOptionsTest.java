package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParseResult;

class GivenOptionsTest {
    private static Map<String, String> given(Map<String, String> variables, String... args) {
        ParseResult parsed =
                PicocliSetup.commandLine("", new PrintWriter(Writer.nullWriter())).parseArgs(args);
        return GivenOptions.of(
                parsed.asCommandLineList().getLast().getParseResult(), new Environment(variables));
    }

    @Test
    void valuesAreShownAsTheyWereWritten() {
        assertEquals(
                Map.of(
                        "--bind",
                        "127.0.0.1:80, unix:/a",
                        "--queue-timeout",
                        "1m",
                        "--dual-stack",
                        "true"),
                given(
                        Map.of(),
                        "serve",
                        "m",
                        "--bind",
                        "127.0.0.1:80",
                        "--queue-timeout=1m",
                        "--bind",
                        "unix:/a",
                        "--dual-stack"));
    }

    @Test
    void secretsAreNotShown() {
        assertEquals(
                Map.of("--ssl-key-password", "(hidden)", "SPVN_SSL_KEY_PASSWORD", "(hidden)"),
                given(
                        Map.of("SPVN_SSL_KEY_PASSWORD", "hunter2"),
                        "serve",
                        "m",
                        "--ssl-key-password",
                        "hunter2"));
    }

    @Test
    void variablesOfOthersAreNotShown() {
        assertEquals(
                Map.of("SPVN_LOOP", "asyncio"),
                given(
                        Map.of("SPVN_LOOP", "asyncio", "HOME", "/root", "SPVN_BIND", " "),
                        "serve",
                        "m"));
    }
}
