package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Writes reports to the log in their order, on a virtual thread: the clock's thread, on which they
/// are made, may not wait for a log that nobody reads. What is too much for the queue is dropped.
final class HangLog implements Consumer<String> {
    private static final int CAPACITY = 256;

    /// How long the end may wait for a log that is slow.
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final ThreadPoolExecutor writer =
            new ThreadPoolExecutor(
                    1,
                    1,
                    0,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(CAPACITY),
                    Thread.ofVirtual().name("hang-log").factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    private final Consumer<String> log;

    HangLog(Consumer<String> log) {
        this.log = log;
    }

    @Override
    public void accept(String report) {
        writer.execute(() -> log.accept(report));
    }

    /// Writes what is left, within bounds; later reports are dropped.
    void close() throws InterruptedException {
        writer.shutdown();
        boolean _ = writer.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
    }
}
