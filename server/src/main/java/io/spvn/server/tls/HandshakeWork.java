package io.spvn.server.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;

/// Signing and verifying, which takes a millisecond or two of a processor for each handshake. Some
/// of the threads that serve are left to those who have shaken hands already, however many want to.
final class HandshakeWork {
    /// Longer than any handshake may take.
    private static final long MOST_SECONDS = 60;

    private final Semaphore permits;

    HandshakeWork(int processors) {
        this.permits = new Semaphore(Math.max(1, processors - 1), true);
    }

    /// Does what the engine wants to have done.
    ///
    /// @param wanted asked again when it is this one's turn: the client may have gone
    void run(SSLEngine engine, java.util.function.BooleanSupplier wanted)
            throws InterruptedException {
        if (!permits.tryAcquire(MOST_SECONDS, TimeUnit.SECONDS)) {
            throw new UncheckedIOException(new IOException("too many handshakes"));
        }
        try {
            Runnable task = wanted.getAsBoolean() ? engine.getDelegatedTask() : null;
            while (task != null) {
                task.run();
                task = engine.getDelegatedTask();
            }
        } finally {
            permits.release();
        }
    }
}
