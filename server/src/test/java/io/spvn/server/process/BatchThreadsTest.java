package io.spvn.server.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class BatchThreadsTest {
    private static final int SCHED_OTHER = 0;
    private static final int SCHED_BATCH = 3;

    /// The field of the policy in `/proc/PID/stat`, counted from behind the name
    /// (proc_pid_stat(5)).
    private static final int POLICY = 38;

    @Test
    void carriers_becomeBatchThreads_andNoOthers() throws Exception {
        Thread.startVirtualThread(() -> {}).join();
        new BatchThreads().tick();
        List<Integer> carriers = policies(name -> name.startsWith("ForkJoinPool-1-"));
        assertFalse(carriers.isEmpty());
        assertEquals(List.of(SCHED_BATCH), carriers.stream().distinct().toList());
        assertEquals(List.of(SCHED_OTHER), policies(name -> name.startsWith("C2 Compiler")));
    }

    private static List<Integer> policies(Predicate<String> name) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.map(BatchThreadsTest::stat)
                    .filter(stat -> name.test(nameIn(stat)))
                    .map(BatchThreadsTest::policyIn)
                    .distinct()
                    .toList();
        }
    }

    private static String stat(Path thread) {
        try {
            return Files.readString(thread.resolve("stat"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String nameIn(String stat) {
        return stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    }

    private static int policyIn(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Integer.parseInt(fields[POLICY]);
    }
}
