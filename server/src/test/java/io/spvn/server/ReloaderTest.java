package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.worker.Reloadable;
import io.spvn.bridge.worker.WorkerFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReloaderTest {
    private final WorkerFailure broken =
            new WorkerFailure("cannot import 'app'", "Traceback ...", true);
    private final WorkerFailure noChild = new WorkerFailure("cannot fork", "", false);

    private final Workers workers = new Workers();
    private final AtomicLong clock = new AtomicLong();
    private final Reloader reloader = new Reloader(workers, clock::get);
    private final Lines lines = new Lines();
    private final Logger logger = Logger.getLogger(Reloader.class.getName());

    /// What they were asked, and how the next reload ends.
    private final class Workers implements Reloadable {
        final List<String> asked = new ArrayList<>();
        @Nullable WorkerFailure next;

        @Override
        public void expectReload() {
            asked.add("expect");
        }

        @Override
        public void callOffReload() {
            asked.add("call off");
        }

        @Override
        public void reload(Duration limit, Consumer<@Nullable WorkerFailure> told) {
            asked.add("reload");
            clock.addAndGet(Duration.ofMillis(420).toNanos());
            told.accept(next);
        }
    }

    private static final class Lines extends Handler {
        final List<String> all = new ArrayList<>();

        @Override
        public void publish(LogRecord line) {
            all.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void listen() {
        logger.addHandler(lines);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(lines);
    }

    @Test
    void change_isExpectedThenReloaded_andTold() {
        reloader.begun();
        reloader.changed(List.of("app.py", "pkg/mod.py"));
        assertEquals(List.of("expect", "reload"), workers.asked);
        assertEquals(
                List.of("INFO app.py, pkg/mod.py changed: reloading", "INFO reloaded in 0.4 s"),
                lines.all);
    }

    @Test
    void manyFiles_areNotAllNamed() {
        reloader.changed(List.of("a", "b", "c", "d", "e"));
        assertEquals("INFO a, b, c and 2 others changed: reloading", lines.all.getFirst());
    }

    @Test
    void changeThatIsUndone_isCalledOff() {
        reloader.begun();
        reloader.undone();
        assertEquals(List.of("expect", "call off"), workers.asked);
        assertEquals(List.of(), lines.all);
    }

    @Test
    void brokenChange_isTold_withTheTraceback() {
        workers.next = broken;
        reloader.changed(List.of("app.py"));
        assertEquals(
                "SEVERE clients are shown an error page until the next change: cannot import 'app'"
                        + "\nTraceback ...",
                lines.all.getLast());
    }

    @Test
    void appThatIsBrokenAtFirst_isTold_andTheServerStarts() throws InterruptedException {
        workers.next = broken;
        reloader.start();
        assertEquals(1, lines.all.size());
        assertTrue(lines.all.getFirst().contains("cannot import 'app'"));
    }

    @Test
    void serverThatCannotHaveChildren_doesNotStart_butGoesOnLater() throws InterruptedException {
        workers.next = noChild;
        assertSame(noChild, assertThrows(WorkerFailure.class, reloader::start));
        assertEquals(List.of(), lines.all);
        reloader.changed(List.of("app.py"));
        assertTrue(lines.all.getLast().contains("cannot fork"));
    }

    @Test
    void afterTheEnd_nothingIsReloaded() {
        reloader.begun();
        reloader.close();
        reloader.changed(List.of("app.py"));
        reloader.begun();
        assertEquals(List.of("expect", "call off"), workers.asked);
    }
}
