package io.spvn.server;

import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.bridge.worker.WorkerPool;
import io.spvn.server.watch.SourceWatcher;
import io.spvn.server.watch.Watch;
import java.io.IOException;

/// What `--watch` adds to the server: the app's files are watched, and its workers reloaded. Used
/// by the thread that starts and stops the server.
final class Development {
    private final WorkerPool workers;
    private final Reloader reloader;
    private final SourceWatcher watcher;

    /// Nothing runs yet.
    ///
    /// @throws WorkerFailure when the system watches nothing for us
    Development(Watch watch, WorkerPool workers) {
        this.workers = workers;
        this.reloader = new Reloader(workers, System::nanoTime);
        try {
            this.watcher = new SourceWatcher(watch, reloader);
        } catch (IOException e) {
            throw new WorkerFailure("--watch: " + e.getMessage(), "", false);
        }
    }

    /// Starts the app, in place of [WorkerPool#start]; it serves when this returns, or clients are
    /// shown why it does not.
    ///
    /// @throws WorkerFailure when it never will
    void start() throws InterruptedException {
        watcher.start(); // before the app: no change is missed
        workers.startReloadable();
        reloader.start();
    }

    /// Nothing is reloaded any more.
    void close() {
        watcher.close();
        reloader.close();
    }
}
