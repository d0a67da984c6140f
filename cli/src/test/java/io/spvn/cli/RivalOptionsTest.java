package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// Whatever uvicorn, gunicorn, granian and hypercorn have is an option of ours, another name of
/// one, or has an answer of its own.
final class RivalOptionsTest {
    private static final String TABLE = "rival-options.txt";

    /// Of options that may stand alone here, whose value has to be one of theirs.
    private static final Map<String, String> VALUES =
            Map.of("--lifespan", "on", "--asgi-lifespan", "on", "--ws", "wsproto");

    /// One for all of them: to make it takes far longer than what it does.
    private static final CommandLine LINE =
            PicocliSetup.commandLine("", new PrintWriter(Writer.nullWriter()));

    static final List<String> SERVERS = List.of("uvicorn", "gunicorn", "granian", "hypercorn");

    /// One of another server.
    ///
    /// @param value what it takes, "" for nothing
    /// @param otherwise why it is read in another way here, "" where it is not
    record Rival(String server, List<String> names, String value, String otherwise) {
        static Rival of(String line) {
            List<String> cells =
                    Arrays.stream((line + " | | ").split("\\|", -1)).map(String::strip).toList();
            return new Rival(
                    cells.get(0), List.of(cells.get(1).split(", ")), cells.get(2), cells.get(3));
        }

        boolean isAction() {
            return names.contains("--help") || names.contains("--version");
        }
    }

    static List<Rival> rivals() throws IOException {
        try (InputStream table =
                requireNonNull(RivalOptionsTest.class.getResourceAsStream(TABLE), TABLE)) {
            return new String(table.readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Rival::of)
                    .toList();
        }
    }

    /// The options with each way to write them: with and without a value where it need not have
    /// one.
    static Stream<List<String>> written() throws IOException {
        return rivals().stream()
                .filter(rival -> !rival.isAction() && rival.otherwise().isEmpty())
                .flatMap(rival -> rival.names().stream().flatMap(name -> written(rival, name)));
    }

    private static Stream<List<String>> written(Rival rival, String name) {
        return switch (rival.value()) {
            case "" -> Stream.of(List.of(name));
            case "VALUE" -> Stream.of(List.of(name, VALUES.getOrDefault(name, "1")));
            default -> Stream.of(List.of(name), List.of(name, "auto"));
        };
    }

    /// It takes a value here where it does there, and none where it does not: else what follows it
    /// would be left over, or the app behind it would be gone.
    @ParameterizedTest
    @MethodSource("written")
    void isKnown(List<String> option) {
        List<String> args = new ArrayList<>(List.of("serve", "--check-config"));
        args.addAll(option);
        args.add("m:app");
        Invocation invocation = Invocation.readBy(LINE, args.toArray(String[]::new));
        String said = invocation.err();
        for (String fault :
                List.of(
                        "unknown option",
                        "unexpected argument",
                        "issing required",
                        "m:app",
                        "no app")) {
            assertFalse(said.contains(fault), said);
        }
        assertTrue(said.lines().count() <= 1, said);
        if (invocation.exitCode() == 0) {
            assertTrue(invocation.out().contains("m:app"), invocation.out());
        }
    }

    @Test
    void oneLineForAll_forgetsWhatItHasRead() {
        Invocation.readBy(LINE, "serve", "--check-config", "--root-path", "/before", "m:app");
        String after = Invocation.readBy(LINE, "serve", "--check-config", "m:app").out();
        assertEquals(Invocation.of("serve", "--check-config", "m:app").out(), after);
    }

    @ParameterizedTest
    @FieldSource("SERVERS")
    void tableHasTheOptions(String server) throws IOException {
        long count = rivals().stream().filter(each -> each.server().equals(server)).count();
        assertTrue(count > 30, server + " " + count);
    }

    @Test
    void whatIsReadInAnotherWay_isFew() throws IOException {
        List<Rival> others =
                rivals().stream().filter(rival -> !rival.otherwise().isEmpty()).toList();
        assertEquals(2, others.size());
        others.forEach(rival -> assertNotEquals("uvicorn", rival.server()));
    }
}
