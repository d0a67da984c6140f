package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Command lines of other servers mean here what the page of options says they do.
final class SwitchingTest {
    private static final Path LINES = Path.of("src/test/python/switching.txt");
    private static final Path PAGE = Path.of("../docs/options.md");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern ARGV = Pattern.compile("argv=\\[[^\\]]*]");

    /// Those that no other test starts a server with.
    static Stream<String> lines() throws IOException {
        return Files.readAllLines(LINES).stream()
                .filter(line -> line.startsWith("check | "))
                .map(line -> line.replaceFirst("^check \\| \\S+ ", ""));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void lineOfAnotherServer_isUnderstood(String line) {
        Invocation invocation = check(line);
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertTrue(
                invocation.out().contains("main:app") || invocation.out().contains("example:app"));
    }

    private static Invocation check(String words) {
        List<String> args = new ArrayList<>(List.of("serve", "--check-config"));
        args.addAll(Arrays.asList(words.split(" ", -1)));
        return Invocation.of(args.toArray(String[]::new));
    }

    /// What other servers have, and what that is here, as the table of that page has them.
    static Stream<Arguments> rows() throws IOException {
        List<Arguments> rows = new ArrayList<>();
        for (String line : section("Switching")) {
            String[] cells = line.split("\\|", -1);
            if (line.startsWith("| `") && cells.length > 3) {
                List<String> ours = code(cells[2]);
                code(cells[1]).forEach(theirs -> rows.add(Arguments.of(theirs, ours, cells[2])));
            }
        }
        return rows.stream();
    }

    private static List<String> section(String name) throws IOException {
        List<String> lines = Files.readAllLines(PAGE);
        List<String> rest = lines.subList(lines.indexOf("## " + name) + 1, lines.size());
        return rest.stream().takeWhile(line -> !line.startsWith("## ")).toList();
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map((MatchResult found) -> found.group(1)).toList();
    }

    /// Either both give the same configuration, or the table says in words what is so instead.
    @ParameterizedTest
    @MethodSource("rows")
    void rowOfTheTable_isTrue(String theirs, List<String> ours, String cell) {
        if (cell.contains("refused")) {
            assertEquals(2, check("m " + theirs).exitCode());
        } else if (cell.strip().startsWith("`")) {
            assertEquals(configuration(ours.getFirst()), configuration(theirs));
        } else {
            assertEquals(0, check("m " + theirs).exitCode());
            assertFalse(cell.isBlank());
        }
    }

    /// All but the command line that the app sees.
    private static String configuration(String options) {
        ServerConfig config = Invocation.of(("serve m " + options).split(" ", -1)).config();
        return ARGV.matcher(config.toString()).replaceAll("");
    }

    @Test
    void page_hasTheTable() throws IOException {
        assertTrue(rows().count() > 30);
    }

    @Test
    void exampleOfThePage_isAFile() throws IOException {
        String text = String.join("\n", section("Configuration"));
        String toml = text.replaceFirst("(?s).*```toml\\n(.*?)```.*", "$1");
        Path file = Files.createTempFile("spvn", ".toml");
        try {
            Files.writeString(file, toml);
            Map<String, String> none = Map.of();
            Invocation invocation =
                    Invocation.with(none, "serve", "--check-config", "--config", file.toString());
            assertEquals(0, invocation.exitCode(), invocation.err());
        } finally {
            Files.delete(file);
        }
    }
}
