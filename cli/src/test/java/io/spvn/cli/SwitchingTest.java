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
    private static final Pattern ADDRESS = Pattern.compile(" (--host|--port|--bind|-b) \\S+");
    private static final Pattern APP = Pattern.compile("\\w[\\w.]*:\\w+");
    private static final Pattern ARGV = Pattern.compile("argv=\\[[^\\]]*]");

    /// A row of the table.
    ///
    /// @param served the command line that is served and has the same configuration
    record Row(String how, String line, String served) {}

    /// Without the names of other programs.
    private static Stream<Row> table(String how) throws IOException {
        List<Row> rows = new ArrayList<>();
        String served = "";
        for (String text : Files.readAllLines(LINES)) {
            if (text.startsWith("#") || text.isBlank()) {
                continue;
            }
            String[] cells = text.split("\\|", 3);
            String line = cells[2].strip().replaceFirst("^\\S+ ", "");
            served = cells[0].strip().equals("serve") ? line : served;
            rows.add(new Row(cells[0].strip(), line, served));
        }
        return rows.stream().filter(row -> row.how().equals(how));
    }

    /// Those that no other test starts a server with.
    static Stream<String> lines() throws IOException {
        return table("check").map(Row::line);
    }

    static Stream<Row> twins() throws IOException {
        return table("same");
    }

    @ParameterizedTest
    @MethodSource("lines")
    void lineOfAnotherServer_isUnderstood(String line) {
        Invocation invocation = check(line);
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertTrue(invocation.out().matches("(?s).*(main|wsgi):(app|create_app).*"));
    }

    @ParameterizedTest
    @MethodSource("twins")
    void lineOfAnotherServer_isAnotherThatIsServed(Row row) {
        assertEquals(anywhere(row.served()), anywhere(row.line()));
    }

    /// The configuration, whatever the app is called and wherever it listens.
    private static String anywhere(String line) {
        String words = ADDRESS.matcher(" " + line).replaceAll("");
        return configuration(APP.matcher(words).replaceFirst("m").strip());
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
            assertEquals(configuration("m " + ours.getFirst()), configuration("m " + theirs));
        } else {
            assertEquals(0, check("m " + theirs).exitCode());
            assertFalse(cell.isBlank());
        }
    }

    /// All but the command line that the app sees.
    private static String configuration(String words) {
        ServerConfig config = Invocation.of(("serve " + words).split(" ", -1)).config();
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
