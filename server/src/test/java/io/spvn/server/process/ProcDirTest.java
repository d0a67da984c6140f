package io.spvn.server.process;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProcDirTest {
    private static final Privileges NONE = new Privileges(ProcessSettings.DEFAULT);

    @TempDir private Path directory;

    @Test
    void open_writesThePid_close_removesIt() throws IOException {
        Path inner = directory.resolve("a/b");
        try (ProcDir procDir = new ProcDir(inner)) {
            procDir.open(NONE);
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
        try (ProcDir procDir = new ProcDir(directory)) {
            procDir.open(NONE);
            assertFalse(Files.readString(directory.resolve("spvn.pid")).equals("1\n"));
        }
    }

    @Test
    void close_withoutOpen_leavesTheFileOfAnother() throws IOException {
        Files.writeString(directory.resolve("spvn.pid"), "1\n");
        new ProcDir(directory).close();
        assertEquals(List.of("spvn.pid"), names(directory));
    }

    @Test
    void open_withoutDirectory() {
        try (ProcDir procDir = new ProcDir(null)) {
            procDir.open(NONE);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "file/inner"})
    void open_notADirectory(String name) throws IOException {
        Files.createFile(directory.resolve("file"));
        Path wrong = directory.resolve(name);
        ProcDir procDir = new ProcDir(wrong);
        StartFailure failure = assertThrows(StartFailure.class, () -> procDir.open(NONE));
        assertEquals(StartFailure.Fault.ENVIRONMENT, failure.fault());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("--proc-dir: cannot write to " + wrong + ": "), message);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}
