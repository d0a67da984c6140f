package io.spvn.server.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Signing and verifying, which takes a millisecond or two of a processor for each handshake, and
/// keeps the thread that carries it. All carriers but one may be at that, where there are several:
/// that one is left to those who have shaken hands already, however many want to.
final class HandshakeWork {
    /// Longer than any handshake may take.
    private static final long MOST_SECONDS = 60;

    private final IntSupplier carriers;
    private final Permits permits = new Permits();

    /// @param carriers of virtual threads; asked each time, since processes get some of them
    HandshakeWork(IntSupplier carriers) {
        this.carriers = carriers;
    }

    /// Does what an engine wants to have done.
    ///
    /// @param tasks one after the other, null when there is no more
    /// @param wanted asked again when it is this one's turn: the client may have gone
    void run(Supplier<@Nullable Runnable> tasks, BooleanSupplier wanted)
            throws InterruptedException {
        permits.limit(Math.max(1, carriers.getAsInt() - 1));
        if (!permits.tryAcquire(MOST_SECONDS, TimeUnit.SECONDS)) {
            throw new UncheckedIOException(new IOException("too many handshakes"));
        }
        try {
            Runnable task = wanted.getAsBoolean() ? tasks.get() : null;
            while (task != null) {
                task.run();
                task = tasks.get();
            }
        } finally {
            permits.release();
        }
    }

    /// Of which there may be more or fewer later.
    private static final class Permits extends Semaphore {
        private static final long serialVersionUID = 1L;
        private int limit;

        Permits() {
            super(0, true);
        }

        synchronized void limit(int wanted) {
            if (wanted > limit) {
                release(wanted - limit);
            } else {
                reducePermits(limit - wanted);
            }
            limit = wanted;
        }
    }
}
