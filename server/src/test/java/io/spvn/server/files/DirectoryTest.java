package io.spvn.server.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.process.DirectoryHandle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Both ways into directories.
class DirectoryTest {
    private static final Path FILE = Path.of("a\u00e9.txt");
    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);

    @TempDir Path top;

    enum Way {
        ENTERED,
        LISTED;

        Directory to(Path path) throws IOException {
            if (this == LISTED) {
                return Directory.Listed.of(path);
            }
            Assumptions.assumeTrue(DirectoryHandle.isSupported());
            return Directory.of(path);
        }
    }

    @BeforeEach
    void make() throws IOException {
        Path deep = Files.createDirectories(top.resolve("real/deep"));
        Files.write(deep.resolve(FILE), CONTENT);
        Files.createSymbolicLink(deep.resolve("link.txt"), FILE);
        Files.createSymbolicLink(top.resolve("real/turned"), Path.of("deep"));
        Files.createSymbolicLink(top.resolve("top"), Path.of("real"));
    }

    @ParameterizedTest
    @EnumSource
    void file_isFoundBelowALinkedTop(Way way) throws IOException {
        try (Directory real = way.to(top.resolve("top"));
                Directory deep = real.enter(Path.of("deep"))) {
            assertEquals(CONTENT.length, deep.look(FILE).size());
            assertArrayEquals(CONTENT, content(deep));
        }
    }

    @ParameterizedTest
    @EnumSource
    void directory_staysWhatItWas_whenItsNameIsAnothers(Way way) throws IOException {
        try (Directory real = way.to(top.resolve("real"));
                Directory deep = real.enter(Path.of("deep"))) {
            Files.move(top.resolve("real/deep"), top.resolve("elsewhere"));
            Files.createDirectory(top.resolve("real/deep"));
            assertArrayEquals(CONTENT, content(deep));
        }
    }

    @ParameterizedTest
    @EnumSource
    void links_areNotFollowed(Way way) throws IOException {
        try (Directory real = way.to(top.resolve("real"));
                Directory deep = real.enter(Path.of("deep"))) {
            assertThrows(FileSystemException.class, () -> real.enter(Path.of("turned")));
            assertThrows(IOException.class, () -> deep.open(Path.of("link.txt")));
            assertTrue(deep.look(Path.of("link.txt")).isSymbolicLink());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThere_isToldFromWhatIsNoDirectory(Way way) throws IOException {
        assertThrows(NoSuchFileException.class, () -> way.to(top.resolve("none")));
        try (Directory deep = way.to(top.resolve("real/deep"))) {
            assertThrows(NoSuchFileException.class, () -> deep.enter(Path.of("none")));
            assertThrows(NoSuchFileException.class, () -> deep.open(Path.of("none")));
            assertThrows(NotDirectoryException.class, () -> deep.enter(FILE));
        }
    }

    private static byte[] content(Directory directory) throws IOException {
        try (FileChannel file = directory.open(FILE)) {
            ByteBuffer content = ByteBuffer.allocate((int) file.size());
            file.read(content);
            return content.array();
        }
    }
}
