package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// What `serve` is configured with: every option, its other names, its variable and its default.
final class OptionNamesTest {
    private static final CommandSpec SERVE =
            PicocliSetup.commandLine("", new PrintWriter(new StringWriter()))
                    .parseArgs("serve")
                    .subcommand()
                    .commandSpec();

    private static Stream<OptionSpec> settings() {
        return PicocliSetup.SERVE.stream()
                .flatMap(group -> group.options(SERVE))
                .filter(OptionName::isSetting);
    }

    @Test
    void namesAndDefaults_areThoseOfTheTable() throws IOException {
        String table =
                settings().map(OptionNamesTest::row).collect(Collectors.joining("\n", "", "\n"));
        assertEquals(resource("options.txt"), table);
    }

    private static String resource(String name) throws IOException {
        try (InputStream file =
                requireNonNull(OptionNamesTest.class.getResourceAsStream(name), name)) {
            return new String(file.readAllBytes(), UTF_8);
        }
    }

    private static String row(OptionSpec option) {
        String own = OptionName.flag(option);
        String others =
                Arrays.stream(option.names())
                        .filter(name -> !name.equals(own))
                        .collect(Collectors.joining(", "));
        return "%s | %s | %s | %s"
                .formatted(
                        own,
                        others,
                        String.join(", ", OptionName.variables(option)),
                        ConfigReport.defaultOf(option));
    }

    @Test
    void variables_areDistinct() {
        List<String> names = settings().map(OptionName::variable).toList();
        assertEquals(names.size(), Set.copyOf(names).size());
    }

    static Stream<String> flags() {
        return settings().map(OptionName::flag);
    }

    /// Each is read: a value that cannot be one is refused, and its variable is named.
    @ParameterizedTest
    @MethodSource("flags")
    void everyVariableIsRead(String flag) {
        OptionSpec option = requireNonNull(SERVE.findOption(flag));
        String variable = OptionName.variable(option);
        boolean anyText = Set.of(String.class, java.nio.file.Path.class).contains(type(option));
        Invocation invocation =
                Invocation.with(Map.of(variable, "\0?"), "serve", "m:app", "--check-config");
        if (!anyText || !invocation.err().isEmpty()) {
            assertTrue(invocation.err().startsWith("spvn: " + variable), invocation.err());
            assertEquals(2, invocation.exitCode());
        }
    }

    private static Class<?> type(OptionSpec option) {
        return List.class.isAssignableFrom(option.type())
                ? option.auxiliaryTypes()[0]
                : option.type();
    }

    @Test
    void optionsOfOtherServers_areNotOnesOfOurs() {
        Set<String> ours = new HashSet<>();
        settings().forEach(option -> ours.addAll(List.of(option.names())));
        ForeignOption.all()
                .forEach(
                        foreign ->
                                foreign.names().forEach(name -> assertTrue(ours.add(name), name)));
    }
}
