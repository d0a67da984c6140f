package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Progress;
import io.spvn.loadtest.report.ProgressLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an attack shows, writes and ends with.
final class AttackRunTest {
    private static final Progress PROGRESS =
            new Progress(Duration.ofSeconds(1), Duration.ofSeconds(10), 50, 1, 2, 0, 1, 0);
    private static final AttackRun.Engine ENGINE =
            (settings, progress) -> {
                progress.accept(PROGRESS);
                progress.accept(PROGRESS);
                return Runs.of(settings.plan());
            };

    @TempDir private Path directory;
    @AutoClose private final AttackedServer server = AttackedServer.at("/");

    private Invocation attack(String... options) {
        return attack(false, ENGINE, options);
    }

    private Invocation attack(boolean rewritable, AttackRun.Engine engine, String... options) {
        return Invocation.withAttack(rewritable, engine, server.args(options));
    }

    private Invocation attack(Map<ErrorKind, Long> errors) {
        return attack(
                false,
                (settings, _) -> Runs.of(settings.plan(), Map.of(200, 48_766L), errors),
                "--no-progress");
    }

    @Test
    void report_forPeople() {
        Invocation invocation = attack();
        assertEquals(0, invocation.exitCode());
        assertTrue(invocation.out().contains("500"), invocation.out());
        assertTrue(invocation.out().endsWith("\n"), invocation.out());
    }

    @Test
    void report_json() {
        Invocation invocation = attack("--json");
        assertTrue(invocation.out().startsWith("{"), invocation.out());
        assertTrue(invocation.out().endsWith("}\n"), invocation.out());
    }

    @Test
    void report_errorsByFrequency() {
        Invocation invocation = attack(Map.of(ErrorKind.TIMEOUT, 34L, ErrorKind.REFUSED, 1_200L));
        assertEquals(1, invocation.exitCode());
        assertEquals(
                "spvn: 1,234 of 50,000 requests had no response:"
                        + " connection refused 1,200, no response in time 34\n",
                invocation.err());
        assertTrue(invocation.out().contains("1,200"), invocation.out());
    }

    @Test
    void report_cannotBeWritten() {
        Invocation invocation = Invocation.withBrokenOutput(server.args("--no-progress"));
        assertEquals("spvn: the report cannot be written to standard output\n", invocation.err());
        assertEquals(4, invocation.exitCode());
    }

    @Test
    void report_anyStatusIsAResponse() {
        Invocation invocation =
                attack(
                        false,
                        (settings, _) -> Runs.of(settings.plan(), Map.of(500, 7L), Map.of()),
                        "--no-progress");
        assertEquals(0, invocation.exitCode());
        assertEquals("", invocation.err());
    }

    @Test
    void progress_lineByLine() {
        String line = ProgressLine.of(PROGRESS) + "\n";
        assertEquals(line + line, attack().err());
    }

    @Test
    void progress_onOneLineOfATerminal() {
        String clear = "\r\u001b[K";
        String line = clear + "\u001b[?7l" + ProgressLine.of(PROGRESS) + "\u001b[?7h";
        assertEquals(line + line + clear, attack(true, ENGINE).err());
    }

    @Test
    void progress_quiet() {
        assertEquals("", attack("--no-progress").err());
        assertEquals("", attack(true, ENGINE, "--no-progress").err());
    }

    @Test
    void out_isMadeAndFilled() throws IOException {
        Path out = directory.resolve("a/b");
        Invocation invocation = attack("--json", "--out", out.toString());
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertEquals(invocation.out(), Files.readString(out.resolve("run.json")));
        assertTrue(Files.readString(out.resolve("report.html")).contains("500"));
        try (Stream<Path> files = Files.list(out)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void out_fileThatCannotBeWritten_leavesTheOther() throws IOException {
        Path json = Files.createDirectory(directory.resolve("run.json"));
        Invocation invocation = attack("--no-progress", "--out", directory.toString());
        assertEquals(4, invocation.exitCode());
        assertTrue(invocation.err().contains("cannot write to " + json), invocation.err());
        assertTrue(Files.size(directory.resolve("report.html")) > 0);
    }

    @Test
    void out_isReplaced() throws IOException {
        Files.writeString(directory.resolve("run.json"), "x".repeat(1_000_000));
        attack("--out", directory.toString());
        assertTrue(Files.size(directory.resolve("run.json")) < 1_000_000);
    }

    @Test
    void out_isAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertNothingRuns("--out: cannot write to " + file + ": a file is in the way", file);
    }

    @Test
    void out_isBelowAFile() throws IOException {
        Path path = Files.createFile(directory.resolve("file")).resolve("out");
        assertNothingRuns("--out: cannot write to " + path + ": not a directory", path);
    }

    private void assertNothingRuns(String complaint, Path out) {
        AttackRun.Engine none =
                (_, _) -> {
                    throw new AssertionError("attacked");
                };
        Invocation invocation = attack(false, none, "--out", out.toString());
        assertEquals("spvn: " + complaint + "\n", invocation.err());
        assertEquals("", invocation.out());
        assertEquals(4, invocation.exitCode());
    }

    @Test
    void connections_moreThanFiles() {
        MissingPart missing =
                assertThrows(MissingPart.class, () -> FileLimit.require(Integer.MAX_VALUE));
        String message = String.valueOf(missing.getMessage());
        assertTrue(message.startsWith("--connections 2,147,483,647: needs 2,1"), message);
    }

    @Test
    void noServer() throws IOException {
        server.close();
        Invocation invocation = attack();
        assertEquals(1, invocation.exitCode());
        assertEquals("", invocation.out());
        assertEquals("spvn: " + server.url() + ": connection refused\n", invocation.err());
    }
}
