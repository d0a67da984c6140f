package io.spvn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.model.Ulimit;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Containers that are given little.
@NeedsEngine
class LimitsIT {
    private static final long MEMORY = 512L << 20;
    private static final int CLIENTS = 64;
    private static final int UPLOADS = 5_000;
    private static final Duration LOAD = Duration.ofSeconds(8);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Pattern OPEN = Pattern.compile("\"connections_open\":([0-9]+)");

    private static Spvn small(String... arguments) {
        return Spvn.serving(arguments)
                .with(host -> host.withMemory(MEMORY).withMemorySwap(MEMORY))
                .with(
                        host ->
                                host.withUlimits(
                                        new Ulimit[] {new Ulimit("nofile", 20_000L, 20_000L)}));
    }

    @Test
    void memoryHoldsUnderLoad() throws Exception {
        try (Spvn spvn = small("app:app")) {
            spvn.start();
            AtomicInteger served = new AtomicInteger();
            load(spvn, served);
            assertTrue(served.get() > CLIENTS, () -> served + " served");
            assertLivesOn(spvn);
        }
    }

    /// Every response has to be right.
    private static void load(Spvn spvn, AtomicInteger served) throws Exception {
        long end = System.nanoTime() + LOAD.toNanos();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Void> client =
                    () -> {
                        while (System.nanoTime() - end < 0) {
                            assertEquals(200, spvn.get("/large").statusCode());
                            served.incrementAndGet();
                        }
                        return null;
                    };
            for (Future<Void> each : clients.invokeAll(Collections.nCopies(CLIENTS, client))) {
                each.get();
            }
        }
    }

    @Test
    void memoryHoldsUnderSlowUploads() throws Exception {
        try (Spvn spvn = small("app:app")) {
            spvn.start();
            try (SlowUploads uploads = new SlowUploads(spvn, UPLOADS)) {
                assertTrue(
                        Await.until(LONG, () -> uploads.begun() == UPLOADS),
                        () -> uploads.begun() + " begun");
                assertTrue(
                        Await.until(LONG, () -> connections(spvn) >= uploads.open()),
                        () -> uploads.open() + " open");
                System.out.printf("%d uploads open of %d%n", uploads.open(), UPLOADS);
                assertLivesOn(spvn);
            }
            assertLivesOn(spvn);
        }
    }

    private static int connections(Spvn spvn) throws IOException, InterruptedException {
        Matcher matcher = OPEN.matcher(spvn.ask("/status").body());
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : -1;
    }

    /// It answers, and neither it nor a process of it was ended for want of memory.
    private static void assertLivesOn(Spvn spvn) throws IOException, InterruptedException {
        assertEquals("Hello, world!", spvn.get("/").body());
        assertFalse(Boolean.TRUE.equals(spvn.state().getOOMKilled()), spvn::getLogs);
        System.out.println(memory(spvn));
    }

    /// What its control group has counted: of the first version, or of the second.
    private static String memory(Spvn spvn) throws IOException, InterruptedException {
        String files =
                "memory/memory.max_usage_in_bytes memory/memory.failcnt memory.peak memory.events";
        return spvn.execInContainer(
                        "sh", "-c", "cd /sys/fs/cgroup; tail -n 9 " + files + " 2>/dev/null")
                .getStdout();
    }

    @Test
    void oneProcessorIsWhatJavaSees() throws Exception {
        try (Spvn spvn = Spvn.serving("app:app").with(host -> host.withNanoCPUs(1_000_000_000L))) {
            spvn.start();
            AtomicInteger served = new AtomicInteger();
            load(spvn, served);
            assertTrue(served.get() > CLIENTS, () -> served + " served");
            String metrics = spvn.ask("/metrics").body();
            assertTrue(metrics.contains("system_cpus 1.0"), metrics);
        }
    }
}
