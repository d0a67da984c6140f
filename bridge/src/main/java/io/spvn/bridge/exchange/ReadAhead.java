package io.spvn.bridge.exchange;

import java.util.concurrent.atomic.AtomicLong;

/// How much of request bodies may be read ahead of the apps: so much for each request, and so much
/// for all of them together. When all is in use, a request still gets one piece at a time.
///
/// Shared by all connections of a server; for any thread.
public final class ReadAhead {
    /// Bytes that are read ahead for one request.
    static final int WINDOW = 256 * 1024;

    private final AtomicLong inUse = new AtomicLong();
    private final long limit;

    /// @param limit bytes for all requests together
    public ReadAhead(long limit) {
        this.limit = limit;
    }

    /// Bytes that a request may hold now before it has to wait.
    int window() {
        return inUse.get() < limit ? WINDOW : 1;
    }

    void take(long bytes) {
        inUse.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        inUse.addAndGet(-bytes);
    }

    /// Bytes that are held for apps.
    long inUse() {
        return inUse.get();
    }
}
