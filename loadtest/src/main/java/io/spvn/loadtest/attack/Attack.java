package io.spvn.loadtest.attack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One attack, run once.
public final class Attack {
    private final Plan plan;
    private final Measurements measurements;
    private final Ticker ticker = new Ticker();
    private volatile boolean stopped;
    private volatile @Nullable Selector selector;

    /// An attack that has not begun.
    ///
    /// @param plan what to do
    public Attack(Plan plan) {
        this.plan = plan;
        measurements = new Measurements(plan);
    }

    /// Carries the plan out on the calling thread, which is the event loop.
    ///
    /// @param progress is told about once a second, on a thread of its own, and no longer once this
    ///   returns
    /// @throws UncheckedIOException if the machine refuses a selector
    public Run run(Consumer<Progress> progress) {
        try (Selector opened = Selector.open();
                ProgressFeed feed = ProgressFeed.start(progress)) {
            selector = opened;
            return run(opened, feed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            selector = null;
        }
    }

    private Run run(Selector opened, ProgressFeed feed) throws IOException {
        Injector injector = injector();
        EventLoop loop =
                new EventLoop(plan, opened, measurements, injector, ticker, this::isStopped, feed);
        try {
            loop.open();
            ticker.start();
            return run(loop, injector, opened);
        } finally {
            loop.close();
        }
    }

    private boolean isStopped() {
        return stopped || Thread.currentThread().isInterrupted();
    }

    private Injector injector() {
        return switch (plan.load()) {
            case Load.Open(Pacer pacer, _) -> new OpenInjector(plan, pacer, measurements);
            case Load.Closed _ -> new ClosedInjector(plan, measurements, ticker);
        };
    }

    private Run run(EventLoop loop, Injector injector, Selector opened) throws IOException {
        Instant started = Instant.now();
        long before = ThreadCpu.nanos();
        long metronome = 0;
        if (injector instanceof OpenInjector open) {
            metronome = runWithMetronome(loop, open, opened);
        } else {
            loop.run();
        }
        long cpu = ThreadCpu.nanos() - before + metronome;
        long now = ticker.nanos();
        boolean early = !loop.finished(now);
        long planned = plan.duration().toNanos();
        Duration counted = Duration.ofNanos(early ? Math.min(now, planned) : planned);
        return measurements.run(
                plan,
                new Ending(started, early, counted, Duration.ofNanos(cpu)),
                injector.end(now));
    }

    /// Runs the loop, and gives the CPU time of the metronome.
    private long runWithMetronome(EventLoop loop, OpenInjector open, Selector opened)
            throws IOException {
        Metronome metronome = Metronome.start(open, opened, ticker);
        try {
            loop.run();
        } finally {
            metronome.stop();
        }
        return metronome.cpuNanos();
    }

    /// Ends it soon; [#run] returns what was measured so far. Any thread.
    public void stop() {
        stopped = true;
        Selector open = selector;
        if (open != null) {
            open.wakeup();
        }
    }
}
