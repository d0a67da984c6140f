package io.spvn.server.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Has the threads that serve sockets, the carriers of virtual threads and their poller, not
/// interrupt those that run Python.
///
/// When there is more to do than the processors can do, each of the thousands of requests a second
/// wakes a carrier, and the kernel lets a thread that wakes up interrupt one that runs. The worker
/// then loses a good part of its time, and more of its caches, to requests that it cannot serve
/// anyway. A batch thread (SCHED_BATCH) waits for its turn instead. Where a processor is free it
/// runs at once, as before.
///
/// Linux only; elsewhere, and where the kernel refuses, nothing changes.
public final class BatchThreads {
    private static final System.Logger LOG = System.getLogger(BatchThreads.class.getName());
    private static final Path TASKS = Path.of("/proc/self/task");

    /// As the JDK names them; the kernel knows the first 15 characters.
    private static final List<String> NAMES = List.of("ForkJoinPool-1-", "MasterPoller");

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Set<Integer> known = new HashSet<>();
    private long due;

    /// Those of this process.
    public BatchThreads() {
        due = System.nanoTime();
    }

    /// Looks for threads that are new, once a second. To be called by one thread.
    public void tick() {
        long now = System.nanoTime();
        if (now - due < 0) {
            return;
        }
        due = now + EVERY.toNanos();
        look();
    }

    private void look() {
        Set<Integer> present = new HashSet<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(TASKS)) {
            threads.forEach(thread -> present.add(visited(thread)));
            known.retainAll(present);
        } catch (IOException | DirectoryIteratorException unreadable) {
            LOG.log(System.Logger.Level.TRACE, "threads not looked through", unreadable);
        }
    }

    private int visited(Path thread) {
        int id = Integer.parseInt(thread.getFileName().toString());
        if (!known.contains(id)) {
            String name = name(thread);
            if (NAMES.contains(name)) {
                boolean _ = Libc.schedBatch(id);
            }
            if (!name.isEmpty()) {
                known.add(id);
            }
        }
        return id;
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException ended) {
            return "";
        }
    }
}
