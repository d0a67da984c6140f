package io.spvn.server.http2;

import java.util.concurrent.atomic.AtomicLong;

/// How much may be sent (RFC 9113 5.2): on a stream, or on all of a connection's together. The
/// reader gives, who writes takes.
final class SendWindow {
    static final long MOST = Integer.MAX_VALUE;

    /// Before anything was said of it.
    static final int INITIAL = 65_535;

    private final AtomicLong left;

    SendWindow(long size) {
        left = new AtomicLong(size);
    }

    /// Bytes that may be sent; not more than 0 when none.
    long left() {
        return left.get();
    }

    void take(long bytes) {
        left.addAndGet(-bytes);
    }

    /// More may be sent, or less: SETTINGS may take back what it has given (RFC 9113 6.9.2).
    ///
    /// @return false when that is more than there can be
    boolean give(long bytes) {
        return left.addAndGet(bytes) <= MOST;
    }
}
