package io.spvn.server.http2;

import io.spvn.bridge.exchange.Ledger;
import java.util.concurrent.atomic.AtomicInteger;

/// How much a client may send of one request's body (RFC 9113 5.2). It gets back what the app has
/// taken, in portions; where that is soon after the portion before, the window is what the upload
/// waits for, and it grows, as long as the ledger has room.
///
/// The reader takes, the worker gives.
final class ReceiveWindow {
    /// Of a stream at first: SETTINGS_INITIAL_WINDOW_SIZE.
    static final int OF_STREAM = 128 * 1024;

    /// Of a connection. It is given back on receipt, so that no stream holds up another.
    static final int OF_CONNECTION = 1024 * 1024;

    private static final int LARGEST = 1024 * 1024;
    private static final int PORTIONS = 4;
    private static final long SOON_NANOS = 100_000_000;

    private final Ledger ledger;
    private final AtomicInteger left = new AtomicInteger(OF_STREAM);

    // By the monitor.
    private int size = OF_STREAM;
    private int owed;
    private long givenAt;

    ReceiveWindow(Ledger ledger, long now) {
        this.ledger = ledger;
        this.givenAt = now;
    }

    /// The client has sent so many bytes.
    ///
    /// @return false when those were more than it may send
    boolean take(int bytes) {
        return left.addAndGet(-bytes) >= 0;
    }

    /// Whether the client may send anything.
    boolean isOpen() {
        return left.get() > 0;
    }

    /// The app has taken so many bytes, or nobody will.
    ///
    /// @param now [System#nanoTime]
    /// @return what the client is to be given, 0 for nothing yet
    synchronized int give(int bytes, long now) {
        owed += bytes;
        if (owed < size / PORTIONS) {
            return 0;
        }
        int increment = owed;
        if (now - givenAt < SOON_NANOS && size < LARGEST && !ledger.isFull()) {
            increment += size;
            size *= 2;
        }
        owed = 0;
        givenAt = now;
        left.addAndGet(increment);
        return increment;
    }
}
