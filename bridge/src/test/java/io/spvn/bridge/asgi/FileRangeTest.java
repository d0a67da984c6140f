package io.spvn.bridge.asgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRangeTest {
    @TempDir Path directory;

    private FileChannel file() throws IOException {
        Path path = directory.resolve("file");
        Files.writeString(path, "0123456789");
        return FileChannel.open(path);
    }

    @Test
    void bytes_areThoseOfTheRange() throws IOException {
        try (FileChannel channel = file()) {
            FileRange range = new FileRange(channel, 2, 6);
            byte[] target = new byte[5];
            range.copyTo(1, target, 1, 3);
            assertEquals(6, range.length());
            assertText("\0" + "345" + "\0", target);
            assertEquals(0, channel.position());
        }
    }

    private static void assertText(String expected, byte[] actual) {
        assertEquals(expected, new String(actual, StandardCharsets.US_ASCII));
    }

    @Test
    void lastThatIsReleased_closesTheFile() throws IOException {
        FileChannel channel = file();
        FileRange whole = new FileRange(channel, 0, 10);
        FileRange part = whole.another(3, 2);
        FileRange shared = whole.share();
        assertNotNull(shared);
        whole.release();
        part.release();
        assertTrue(channel.isOpen());
        shared.release();
        assertFalse(channel.isOpen());
        assertNull(whole.share());
    }

    @Test
    void fileThatHasBecomeShorter_isAnError() throws IOException {
        try (FileChannel channel = file()) {
            FileRange range = new FileRange(channel, 5, 10);
            assertThrows(UncheckedIOException.class, () -> range.copyTo(0, new byte[10], 0, 10));
        }
    }

    @Test
    void moreThanTheRange_isNotTransferred() throws IOException {
        try (FileChannel channel = file()) {
            FileRange range = new FileRange(channel, 0, 5);
            assertThrows(IndexOutOfBoundsException.class, () -> range.transferTo(0, 6, channel));
        }
    }

    @Test
    void of_aFile_opensIt() throws IOException {
        file().close();
        FileRange range = FileRange.of(directory.resolve("file"), 10);
        byte[] target = new byte[10];
        range.copyTo(0, target, 0, 10);
        assertText("0123456789", target);
        range.release();
    }

    @Test
    void of_whatIsNoFile_isRefused() {
        assertThrows(IOException.class, () -> FileRange.of(directory, 0));
        assertThrows(IOException.class, () -> FileRange.of(directory.resolve("none"), 0));
    }

    @Test
    void of_aNegativeLength_opensNothing() throws IOException {
        file().close();
        Path path = directory.resolve("file");
        assertThrows(IllegalArgumentException.class, () -> FileRange.of(path, -1));
    }
}
