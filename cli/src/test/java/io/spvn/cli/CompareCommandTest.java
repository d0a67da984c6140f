package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.loadtest.compare.Catalogue;
import io.spvn.loadtest.compare.ComparisonResult;
import io.spvn.loadtest.compare.ComparisonSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every option, its default, and what a comparison writes and ends with.
final class CompareCommandTest {
    private static final List<String> SCENARIOS = Catalogue.scenarios();

    @TempDir private Path directory;

    private String[] args(String... options) {
        return Stream.concat(
                        Stream.of("loadtest", "compare", "--out", directory.toString()),
                        Stream.of(options))
                .toArray(String[]::new);
    }

    private ComparisonSettings settings(String... options) {
        return Invocation.of(args(options)).comparison();
    }

    @Test
    void defaults() {
        assertEquals(
                new ComparisonSettings(
                        List.of(),
                        List.of(),
                        3,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        false,
                        Path.of("/checkout/spvn"),
                        Path.of("/python/bin/python3.13"),
                        Path.of("/checkout/.spvn"),
                        Path.of("/checkout/loadtest/apps"),
                        null),
                settings());
    }

    @Test
    void everyOption() throws IOException {
        Path document = Files.createFile(directory.resolve("canada.json"));
        assertEquals(
                new ComparisonSettings(
                        List.of("spvn", "granian", "uvicorn"),
                        List.of(SCENARIOS.get(0), SCENARIOS.get(1), SCENARIOS.get(2)),
                        2,
                        Duration.ofSeconds(1),
                        Duration.ofMillis(500),
                        true,
                        Path.of("/checkout/spvn"),
                        Path.of("/python/bin/python3.13"),
                        Path.of("/checkout/.spvn"),
                        Path.of("/checkout/loadtest/apps"),
                        document),
                settings(
                        "--peers",
                        "spvn,granian",
                        "--peers=uvicorn",
                        "--scenario",
                        SCENARIOS.get(0) + "," + SCENARIOS.get(1),
                        "--scenario",
                        SCENARIOS.get(2),
                        "--rounds=2",
                        "--seconds=1s",
                        "--warmup=500ms",
                        "--quick",
                        "--document",
                        document.toString(),
                        "--json"));
    }

    @Test
    void report() throws IOException {
        Invocation invocation = Invocation.of(args());
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertEquals("| table |\n", invocation.out());
        assertEquals("| table |\n", Files.readString(directory.resolve("comparison.md")));
        assertTrue(Files.exists(directory.resolve("comparison.json")));
        assertTrue(Files.exists(directory.resolve("report.html")));
        assertEquals("report: " + directory.resolve("report.html") + "\n", invocation.err());
    }

    @Test
    void report_json() throws IOException {
        Invocation invocation = Invocation.of(args("--json"));
        assertTrue(invocation.out().startsWith("{"), invocation.out());
        assertEquals(invocation.out(), Files.readString(directory.resolve("comparison.json")));
    }

    @Test
    void report_thatCannotBeWritten_leavesTheOthers() throws IOException {
        Path json = Files.createDirectories(directory.resolve("comparison.json/a")).getParent();
        Path markdown = Files.createDirectory(directory.resolve("comparison.md"));
        Invocation invocation = Invocation.of(args());
        assertEquals(4, invocation.exitCode());
        assertEquals("| table |\n", invocation.out());
        assertTrue(Files.size(directory.resolve("report.html")) > 0);
        assertTrue(invocation.err().contains("cannot write to " + json), invocation.err());
        assertFalse(invocation.err().contains(markdown.toString()), invocation.err());
    }

    @Test
    void log_isShown() {
        Invocation invocation =
                Invocation.withComparison(
                        (_, log) -> {
                            log.accept("hello-c64 granian");
                            return new ComparisonResult(Map.of(), "", true);
                        },
                        args());
        assertTrue(invocation.err().startsWith("hello-c64 granian\n"), invocation.err());
    }

    @Test
    void incomplete() {
        Invocation invocation =
                Invocation.withComparison(
                        (_, _) -> new ComparisonResult(Map.of(), "| half |\n", false), args());
        assertEquals("| half |\n", invocation.out());
        assertEquals(1, invocation.exitCode());
    }

    @Test
    void list() {
        Invocation invocation = Invocation.of("loadtest", "compare", "--list");
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertTrue(invocation.out().startsWith("Servers\n  spvn\n"), invocation.out());
        assertTrue(invocation.out().contains("\n\nScenarios\n  "), invocation.out());
    }

    @Test
    void out_byDefaultIsNamedByTheTime() {
        CompareCommand command = new CompareCommand();
        String out =
                new CompareReader(command, new Installation(Invocation.INSTALLATION))
                        .settings()
                        .out()
                        .toString();
        assertTrue(out.matches("comparison-20[0-9]{6}-[0-9]{6}"), out);
    }

    @Test
    void quick() {
        ComparisonSettings settings = settings("--quick");
        assertEquals(1, settings.rounds());
        assertEquals(Duration.ofSeconds(1), settings.seconds());
        assertEquals(Duration.ofSeconds(2), settings.warmup());
        assertEquals(List.of("spvn", "granian", "uvicorn"), settings.peers());
        assertEquals(Catalogue.scenarios(), settings.scenarios());
    }

    @Test
    void noInstallation() {
        Invocation invocation = Invocation.with(Map.of(), Map.of(), args());
        assertEquals(4, invocation.exitCode());
        assertTrue(invocation.err().contains("start spvn with its launcher"), invocation.err());
    }
}
