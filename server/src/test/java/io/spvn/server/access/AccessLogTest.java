package io.spvn.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Access;
import io.spvn.server.process.LogFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int ROOM = 100_000;
    private static final int LINE_BYTES = 102;
    private static final int PIPE_BYTES = 64 * 1024;
    private static final Access REQUEST = Requests.of("GET /" + "x".repeat(100));

    @TempDir private Path folder;
    private AccessLog log = new AccessLog(AccessFormat.of("%(U)s"), LogFile.output());

    @AfterEach
    void close() throws InterruptedException {
        log.close();
    }

    private void start(Path path) {
        LogFile file = LogFile.of(path);
        file.open();
        log = new AccessLog(AccessFormat.of("%(U)s"), file, ROOM);
        log.start();
    }

    private void tell(int requests) {
        for (int i = 0; i < requests; i++) {
            log.ended(REQUEST);
        }
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        assertTimeoutPreemptively(
                LONG,
                () -> {
                    while (!condition.call()) {
                        Thread.sleep(5);
                    }
                });
    }

    private long lines(Path file) throws IOException {
        return Files.readAllLines(file).size();
    }

    @Test
    void requests_areWrittenSoon() throws IOException {
        Path file = folder.resolve("log");
        start(file);
        tell(3);
        await(() -> lines(file) == 3);
        assertEquals(3 * LINE_BYTES, Files.size(file));
        assertEquals(0, log.lost());
    }

    @Test
    void requests_areAppendedAndWrittenBeforeTheEnd() throws Exception {
        Path file = folder.resolve("log");
        Files.writeString(file, "before\n");
        start(file);
        tell(50);
        log.close();
        assertEquals(51, lines(file));
        tell(1);
        assertEquals(1, log.lost());
    }

    @Test
    void fullDisk_losesLinesAndCountsThem() {
        start(Path.of("/dev/full"));
        tell(10);
        await(() -> log.lost() == 10);
        tell(5);
        await(() -> log.lost() == 15);
    }

    @Test
    void readerThatReadsNothing_isWaitedForByNobody() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        start(pipe); // nobody has it open
        int enough = 5_000; // more than the pipe, the batch and the queue hold
        assertTimeoutPreemptively(LONG, () -> tell(enough));
        await(() -> log.lost() > 0);
        assertTimeoutPreemptively(Duration.ofSeconds(10), log::close);
        assertTrue(log.lost() < enough, () -> "lost " + log.lost());
    }

    /// What is in the writer's hands is not written: the pipe is full of what came before.
    @Test
    void whatIsHeldUpAtTheEnd_isCounted_once() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        start(pipe); // nobody reads
        int enough = 5_000;
        tell(enough);
        await(() -> log.lost() > 0);
        assertTimeoutPreemptively(Duration.ofSeconds(10), log::close);
        long lost = log.lost();
        assertTrue((enough - lost) * LINE_BYTES <= PIPE_BYTES, () -> "lost " + lost);
        log.close();
        assertEquals(lost, log.lost());
    }

    @Test
    void withoutAThread_whatItWasToldIsLost_andCounted() throws Exception {
        tell(3);
        log.close();
        assertEquals(3, log.lost());
    }

    @Test
    void file_isOpenedAnewWhenThatIsAskedFor() throws Exception {
        Path file = folder.resolve("log");
        Path old = folder.resolve("log.1");
        start(file);
        tell(1);
        await(() -> lines(file) == 1);
        Path _ = Files.move(file, old);
        log.reopen();
        await(() -> Files.exists(file));
        tell(2);
        await(() -> lines(file) == 2);
        assertEquals(1, lines(old));
    }

    @Test
    void file_thatCannotBeOpenedAnewStaysWhatItWas() throws Exception {
        Path place = Files.createDirectory(folder.resolve("place"));
        Path file = place.resolve("log");
        start(file);
        Path moved = Files.move(place, folder.resolve("moved"));
        log.reopen();
        tell(2);
        await(() -> lines(moved.resolve("log")) == 2);
        assertFalse(Files.exists(file));
    }
}
