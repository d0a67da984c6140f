package io.spvn.server.watch;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Tells [Edits] when the files that are watched change, from what the system tells of their
/// folders. A file counts as changed when it says something else than before, so that neither
/// `touch` nor saving again does anything; changes that come one after the other are one.
///
/// Has a thread of its own from [#start] on, until it is closed. Started and closed by one thread.
public final class SourceWatcher implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SourceWatcher.class.getName());

    /// Each takes some memory of the system, and some of the time of the start.
    private static final int MAX_FOLDERS = 20_000;

    private final Watch watch;
    private final WatchService service;
    private final SourceTree tree;
    private final Lull lull = new Lull();
    private final Edits edits;
    private final Thread thread;
    private boolean toldUnwatched;
    private boolean begun; // whether the listener knows of changes that are not over

    /// @throws IOException when the system watches nothing for us, with the reason
    public SourceWatcher(Watch watch, Edits edits) throws IOException {
        this.watch = watch;
        this.edits = edits;
        this.service = FileSystems.getDefault().newWatchService();
        this.tree = new SourceTree(service, new SourceFilter(watch), MAX_FOLDERS);
        this.thread = Thread.ofPlatform().name("watch").daemon().unstarted(this::run);
    }

    /// From when this returns no change is missed.
    public void start() {
        tree.open(watch.folders());
        LOG.log(
                System.Logger.Level.DEBUG,
                "watching %d files in %d folders".formatted(tree.files(), tree.folders()));
        tellUnwatched();
        thread.start();
    }

    /// Once.
    private void tellUnwatched() {
        Path unwatched = tree.unwatched();
        if (unwatched != null && !toldUnwatched) {
            toldUnwatched = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    ("--watch: there are too many folders, after %d of them %s is not watched; leave"
                                    + " some out with --watch-exclude, or raise the sysctl"
                                    + " fs.inotify.max_user_watches")
                            .formatted(tree.folders(), unwatched));
        }
    }

    /// Tells of nothing any more once this returns, but for a call that has begun.
    @Override
    public void close() {
        try {
            service.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "end of --watch", e);
        }
    }

    private void run() {
        try {
            while (true) {
                look();
            }
        } catch (ClosedWatchServiceException | InterruptedException closed) {
            // nobody wants to know any more
        }
    }

    /// Whatever is the matter with a file, nobody is left waiting for the end of changes.
    private void look() throws InterruptedException {
        try {
            WatchKey key = next();
            if (key != null) {
                take(key);
            }
            tellIfOver();
        } catch (ClosedWatchServiceException closed) {
            throw closed;
        } catch (RuntimeException failure) {
            LOG.log(System.Logger.Level.ERROR, "--watch: " + failure, failure);
            lull.end();
            begun = false;
            edits.undone();
        }
    }

    private @Nullable WatchKey next() throws InterruptedException {
        return lull.begun()
                ? service.poll(lull.left(System.nanoTime()), TimeUnit.NANOSECONDS)
                : service.take();
    }

    private void take(WatchKey key) {
        Set<Path> touched = tree.take(key);
        tellUnwatched();
        if (touched.isEmpty()) {
            return;
        }
        lull.change(System.nanoTime());
        if (!begun && touched.stream().anyMatch(tree::differs)) {
            begun = true;
            edits.begun();
        }
    }

    private void tellIfOver() {
        if (!lull.begun() || lull.left(System.nanoTime()) > 0) {
            return;
        }
        lull.end();
        List<String> changed = tree.accept();
        if (!begun && !changed.isEmpty()) {
            edits.begun();
        }
        if (!changed.isEmpty()) {
            edits.changed(changed);
        } else if (begun) {
            edits.undone();
        }
        begun = false;
    }
}
