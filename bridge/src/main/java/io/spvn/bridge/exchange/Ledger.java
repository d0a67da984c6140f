package io.spvn.bridge.exchange;

import java.util.concurrent.atomic.AtomicLong;

/// What all clients together make the server hold, in bytes of the heap: connections, heads, input
/// that waits for its turn, bodies read ahead of their apps, responses that are not read. Each of
/// these is bounded by itself; here is the bound of them all.
///
/// What is small may use all of it, what is large only a part: so clients that hold as much as they
/// can do not keep ordinary requests out. Small pieces that are part of what every connection costs
/// ([#weight]) are not entered at all, which keeps ordinary requests away from this shared counter.
///
/// Whoever enters bytes gives them back. For any thread; nothing blocks.
public final class Ledger {
    /// What an open connection costs by itself: its objects, the stack of its reader, a little
    /// input.
    public static final int CONNECTION = 8 * 1024;

    /// Arrays up to this size are part of what a connection costs.
    public static final int FREE = 1024;

    /// Bytes that are read ahead for one request.
    static final int WINDOW = 256 * 1024;

    /// What is not larger than this is small.
    private static final int SMALL = CONNECTION;

    /// The part of the heap that the server needs for itself.
    private static final long OWN = 24L * 1024 * 1024;

    private static final long LEAST = 2L * 1024 * 1024;
    private static final double SHARE = 0.4;
    private static final double LARGE_SHARE = 0.5;

    private final AtomicLong held = new AtomicLong();
    private final long limit;
    private final long limitOfLarge;

    /// @param limit bytes that may be held
    public Ledger(long limit) {
        this.limit = limit;
        this.limitOfLarge = (long) (limit * LARGE_SHARE);
    }

    /// The ledger of a process that may use so many bytes of heap. A collector needs room beside
    /// what lives, hence a part of it only.
    public static Ledger ofHeap(long bytes) {
        return new Ledger(Math.max(LEAST, (long) (Math.max(0, bytes - OWN) * SHARE)));
    }

    /// What an array of so many bytes counts for.
    public static int weight(int length) {
        return length <= FREE ? 0 : length;
    }

    /// Enters bytes if there is room for them.
    ///
    /// @return whether they were entered
    public boolean take(long bytes) {
        if (bytes == 0) {
            return true;
        }
        long bound = bytes <= SMALL ? limit : limitOfLarge;
        if (held.addAndGet(bytes) <= bound) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /// Enters bytes that are held already.
    public void add(long bytes) {
        if (bytes != 0) {
            held.addAndGet(bytes);
        }
    }

    public void giveBack(long bytes) {
        if (bytes != 0) {
            held.addAndGet(-bytes);
        }
    }

    /// Whether there is no room for anything large.
    public boolean isFull() {
        return held.get() >= limitOfLarge;
    }

    /// Bytes of a body that a request may hold now before it has to wait: always one piece.
    int window() {
        return isFull() ? 1 : WINDOW;
    }

    /// Bytes that are held.
    public long held() {
        return held.get();
    }

    /// Connections there is room for when they hold nothing else.
    public long mostConnections() {
        return limit / CONNECTION;
    }
}
