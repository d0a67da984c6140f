package io.spvn.loadtest.attack;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Tells how an attack is getting on, on a platform thread of its own: neither the counting of
/// percentiles nor a terminal that does not read may hold the event loop up. What comes while the
/// one before is still being told is left out.
final class ProgressFeed implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final BlockingQueue<Supplier<Progress>> next = new ArrayBlockingQueue<>(1);
    private final Consumer<Progress> consumer;
    private final Thread thread;

    private ProgressFeed(Consumer<Progress> consumer) {
        this.consumer = consumer;
        thread = Thread.ofPlatform().name("loadtest-progress").daemon().unstarted(this::tell);
    }

    static ProgressFeed start(Consumer<Progress> consumer) {
        ProgressFeed feed = new ProgressFeed(consumer);
        feed.thread.start();
        return feed;
    }

    /// Never waits.
    ///
    /// @param progress made on the thread of the feed
    void offer(Supplier<Progress> progress) {
        boolean _ = next.offer(progress);
    }

    private void tell() {
        try {
            while (true) {
                consumer.accept(next.take().get());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// What is being told is told to its end, unless that takes long.
    @Override
    public void close() {
        thread.interrupt();
        try {
            boolean _ = thread.join(CLOSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
