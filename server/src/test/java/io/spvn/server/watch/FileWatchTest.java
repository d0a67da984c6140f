package io.spvn.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class FileWatchTest {
    @TempDir private Path folder;
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private Path file;
    private FileWatch watch;

    @BeforeEach
    void begin() throws IOException {
        file = Files.writeString(folder.resolve("a"), "one");
        watch = watching(file);
    }

    private FileWatch watching(Path watched) throws IOException {
        return new FileWatch("files", () -> List.of(watched), () -> told.add(text(watched)));
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException gone) {
            return "gone";
        }
    }

    @AfterEach
    void end() {
        watch.close();
    }

    private String next() throws InterruptedException {
        String found = told.poll(15, TimeUnit.SECONDS);
        assertNotNull(found, "nothing was told");
        return found;
    }

    private void swap(Path target, String text) throws IOException {
        Path beside = Files.writeString(target.resolveSibling("beside"), text);
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void fileThatIsWrittenAnew_isTold() throws Exception {
        watch.start();
        Files.writeString(file, "two");
        assertEquals("two", next());
    }

    @Test
    void fileThatIsExchanged_isTold_eachTime() throws Exception {
        watch.start();
        swap(file, "two");
        assertEquals("two", next());
        swap(file, "three");
        assertEquals("three", next());
    }

    @Test
    void changeBeforeItStarts_isTold() throws Exception {
        Files.writeString(file, "two");
        watch.start();
        assertEquals("two", next());
    }

    @Test
    void fileThatSaysTheSame_isNotTold() throws Exception {
        watch.start();
        swap(file, "one");
        Files.writeString(folder.resolve("neighbour"), "x");
        assertNull(told.poll(300, TimeUnit.MILLISECONDS));
        swap(file, "two");
        assertEquals("two", next());
    }

    @Test
    void linkOnTheWay_thatPointsElsewhere_isTold() throws Exception {
        Path mounted = Files.createDirectory(folder.resolve("mounted"));
        for (String version : List.of("1", "2", "3")) {
            Path data = Files.createDirectory(mounted.resolve(".." + version));
            Files.writeString(data.resolve("f"), version);
        }
        Path data = Files.createSymbolicLink(mounted.resolve("..data"), Path.of("..1"));
        Path link = Files.createSymbolicLink(mounted.resolve("f"), Path.of("..data", "f"));
        watch.close();
        watch = watching(link);
        watch.start();
        for (String version : List.of("2", "3")) {
            Path beside = mounted.resolve("..tmp");
            Files.createSymbolicLink(beside, Path.of(".." + version));
            Files.move(beside, data, StandardCopyOption.ATOMIC_MOVE);
            assertEquals(version, next());
        }
    }

    @Test
    void fileAtTheEndOfALink_isWatchedWhereItIs() throws Exception {
        Path far = Files.createDirectory(folder.resolve("far")).resolve("f");
        Files.writeString(far, "one");
        Path link = Files.createSymbolicLink(folder.resolve("link"), far);
        watch.close();
        watch = watching(link);
        watch.start();
        Files.writeString(far, "two");
        assertEquals("two", next());
    }
}
