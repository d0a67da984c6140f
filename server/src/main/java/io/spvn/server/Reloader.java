package io.spvn.server;

import io.spvn.bridge.worker.Reloadable;
import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.server.watch.Edits;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Has the app reloaded when its files have changed, and says so in the log:
///
///     a file changes        requests wait, none is answered by the old code any more
///     that was all          the old workers end, new ones start
///     they serve            requests go on
///     they do not           clients are shown why, until the next change
///     a change meanwhile    what is starting is given up for one more reload
///
/// Nothing that the app does ends the server: not even that it cannot be started at first. What
/// clients are shown has tracebacks in it, so this is for who develops the app alone (`--watch`).
///
/// The files tell of changes on their watcher's thread, workers of their state on theirs.
final class Reloader implements Edits {
    private static final System.Logger LOG = System.getLogger(Reloader.class.getName());

    /// For requests at work to be answered and for the app to shut down; the old workers are killed
    /// then. Who has just saved a file waits for it.
    static final Duration END = Duration.ofSeconds(2);

    /// Names of files in a line of the log.
    private static final int NAMES = 3;

    private final Reloadable workers;
    private final LongSupplier clock;
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile @Nullable WorkerFailure failure;
    private volatile long began;
    private volatile boolean closed;

    /// @param clock as [System#nanoTime]
    Reloader(Reloadable workers, LongSupplier clock) {
        this.workers = workers;
        this.clock = clock;
    }

    /// Has the app started for the first time, and waits until it is, or is not.
    ///
    /// @throws WorkerFailure when it never will be, whatever becomes of its files
    void start() throws InterruptedException {
        workers.reload(END, this::started);
        first.await();
        WorkerFailure found = failure;
        if (found != null && !found.appAtFault()) {
            throw found;
        }
    }

    private void started(@Nullable WorkerFailure why) {
        failure = why;
        if (why != null && (first.getCount() == 0 || why.appAtFault())) {
            tellFailure(why);
        }
        first.countDown();
    }

    @Override
    public void begun() {
        if (!closed) {
            workers.expectReload();
        }
    }

    @Override
    public void undone() {
        workers.callOffReload();
    }

    @Override
    public void changed(List<String> files) {
        if (closed) {
            return;
        }
        LOG.log(System.Logger.Level.INFO, names(files) + " changed: reloading");
        began = clock.getAsLong();
        workers.reload(END, this::reloaded);
    }

    private void reloaded(@Nullable WorkerFailure why) {
        failure = why;
        if (why == null) {
            double seconds = (clock.getAsLong() - began) / 1e9;
            LOG.log(
                    System.Logger.Level.INFO,
                    String.format(Locale.ROOT, "reloaded in %.1f s", seconds));
        } else {
            tellFailure(why);
        }
        first.countDown();
    }

    private static void tellFailure(WorkerFailure why) {
        LOG.log(
                System.Logger.Level.ERROR,
                why.report("clients are shown an error page until the next change: "));
    }

    private static String names(List<String> files) {
        String some = String.join(", ", files.subList(0, Math.min(NAMES, files.size())));
        return files.size() > NAMES ? some + " and " + (files.size() - NAMES) + " others" : some;
    }

    /// The server stops: there is no other reload.
    void close() {
        closed = true;
        workers.callOffReload();
    }
}
