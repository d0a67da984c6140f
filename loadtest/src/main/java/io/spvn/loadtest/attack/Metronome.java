package io.spvn.loadtest.attack;

import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Wakes the event loop when a request is due, far more finely than the milliseconds of a selector.
/// A platform thread of its own, which parks nearly all the time.
final class Metronome {
    private static final Duration STOP = Duration.ofSeconds(1);
    private static final long LEAST_NANOS = 50_000;

    private final OpenInjector injector;
    private final Selector selector;
    private final Ticker ticker;
    private final Thread thread;
    private volatile boolean closed;
    private volatile long cpuNanos;

    private Metronome(OpenInjector injector, Selector selector, Ticker ticker) {
        this.injector = injector;
        this.selector = selector;
        this.ticker = ticker;
        thread = Thread.ofPlatform().name("loadtest-metronome").daemon().unstarted(this::beat);
    }

    static Metronome start(OpenInjector injector, Selector selector, Ticker ticker) {
        Metronome metronome = new Metronome(injector, selector, ticker);
        metronome.thread.start();
        return metronome;
    }

    private void beat() {
        long number = 0;
        while (!closed && number < injector.total()) {
            park(injector.pacer().dueNanos(number));
            if (injector.awaits(number)) {
                selector.wakeup();
            }
            number = Math.max(number + 1, injector.next());
        }
        cpuNanos = ThreadCpu.nanos();
    }

    private void park(long due) {
        long wait = Math.max(LEAST_NANOS, due - ticker.nanos());
        long until = ticker.nanos() + wait;
        while (!closed && wait > 0) {
            LockSupport.parkNanos(this, wait);
            wait = until - ticker.nanos();
        }
    }

    /// Waits for the end of the thread, which comes at once.
    void stop() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// CPU time of the thread. Call once it has been stopped.
    long cpuNanos() {
        return cpuNanos;
    }
}
