package io.spvn.server;

import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.server.observe.Health;
import java.util.concurrent.CountDownLatch;

/// That the server is to stop, and whether that is a failure. Any thread asks, and returns at once;
/// one waits to be asked.
final class StopRequest {
    static final int EXIT_FAILED = 1;

    /// The app is at fault, as when it cannot be started.
    private static final int EXIT_APP = 3;

    private final Health health;
    private final CountDownLatch asked = new CountDownLatch(1);
    private volatile int exitCode;

    /// @param health not ready once a stop has been asked for
    StopRequest(Health health) {
        this.health = health;
    }

    /// Somebody wants the server to stop.
    void ask() {
        health.stopping();
        asked.countDown();
    }

    /// The workers have ended by themselves.
    ///
    /// @param why none serves any more
    void workersLost(WorkerFailure why) {
        exitCode = why.appAtFault() ? EXIT_APP : EXIT_FAILED;
        health.lost();
        ask();
    }

    void await() throws InterruptedException {
        asked.await();
    }

    /// The exit code of the process once the stop is over.
    ///
    /// @param complete whether the app was served to its end
    int exitCode(boolean complete) {
        return complete ? exitCode : EXIT_FAILED;
    }
}
