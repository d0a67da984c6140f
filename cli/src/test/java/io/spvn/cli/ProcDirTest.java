package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProcDirTest {
    @TempDir private Path directory;

    @Test
    void open_writesThePid_close_removesIt() throws IOException {
        Path inner = directory.resolve("a/b");
        try (ProcDir procDir = ProcDir.open(inner, null)) {
            procDir.report();
            assertEquals(
                    ProcessHandle.current().pid() + "\n",
                    Files.readString(inner.resolve("spvn.pid")));
            assertEquals(List.of("spvn.pid"), names(inner));
        }
        assertEquals(List.of(), names(inner));
    }

    @Test
    void open_replacesWhatAKilledServerLeft() throws IOException {
        Files.writeString(directory.resolve("spvn.pid"), "1\n");
        try (ProcDir procDir = ProcDir.open(directory, null)) {
            procDir.report();
            assertFalse(Files.readString(directory.resolve("spvn.pid")).equals("1\n"));
        }
    }

    @Test
    void open_withoutDirectory() {
        try (ProcDir procDir = ProcDir.open(null, null)) {
            procDir.report();
        }
    }

    @Test
    void open_notADirectory() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        MissingPart missing = assertThrows(MissingPart.class, () -> ProcDir.open(file, null));
        assertTrue(String.valueOf(missing.getMessage()).startsWith("--proc-dir: "), "" + missing);
    }

    @Test
    void open_unknownUser() {
        Path inner = directory.resolve("new");
        UsageError wrong =
                assertThrows(UsageError.class, () -> ProcDir.open(inner, "no-such-user"));
        assertEquals("--user no-such-user: there is no such user", wrong.getMessage());
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
