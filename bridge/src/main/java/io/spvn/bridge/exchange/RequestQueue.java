package io.spvn.bridge.exchange;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Bounded queue of exchanges that wait for an interpreter: many readers put, all workers take. One
/// that is held up by its app takes nothing, so nobody waits for it while another is free.
///
/// The bound is a semaphore beside a lock-free queue, so a worker never waits for a lock that a
/// descheduled reader holds. A reader that finds the queue full waits its turn, which is the
/// back-pressure.
public final class RequestQueue {
    private static final int GOOD_PART = 4;

    private final Queue<Exchange> queue = new ConcurrentLinkedQueue<>();
    private final Room room;
    private final TakeRate rate = new TakeRate(System.nanoTime());
    private volatile int capacity;
    private volatile boolean held;
    private volatile @Nullable Long countedFrom; // null: from the time at which each was queued

    private static final class Room extends Semaphore {
        private static final long serialVersionUID = 1L;

        Room(int permits) {
            super(permits, true);
        }

        void shrink(int permits) {
            reducePermits(permits);
        }
    }

    public RequestQueue(int capacity) {
        this.capacity = capacity;
        this.room = new Room(capacity);
    }

    /// Has room for so many from now on. Those that wait stay, however many they are.
    public synchronized void resize(int newCapacity) {
        int more = newCapacity - capacity;
        capacity = newCapacity;
        if (more > 0) {
            room.release(more);
        } else {
            room.shrink(-more);
        }
    }

    /// From now on nobody gets a request, and the time for which they wait does not count.
    public void hold() {
        held = true;
    }

    public boolean held() {
        return held;
    }

    /// The end of that; the time counts from now on. Who may take requests is to be woken.
    public void release() {
        countedFrom = System.nanoTime();
        held = false;
    }

    /// How long a request has waited, but for the time before the queue was held and while it is.
    ///
    /// @param now [System#nanoTime]
    long waited(Exchange exchange, long now) {
        if (held) {
            return 0;
        }
        long waited = now - exchange.queuedAt();
        Long from = countedFrom;
        return from == null ? waited : Math.min(waited, now - from);
    }

    /// Puts an exchange, waiting at most `timeout` for room.
    ///
    /// @return false when there was none
    public boolean put(Exchange exchange, Duration timeout) throws InterruptedException {
        if (!room.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            return false;
        }
        queue.add(exchange);
        return true;
    }

    /// The exchange that waits longest, null when none does or they are held.
    public @Nullable Exchange poll() {
        return held ? null : pollHeld();
    }

    /// The exchange that waits longest, held or not, null when none does.
    public @Nullable Exchange pollHeld() {
        Exchange exchange = queue.poll();
        if (exchange != null) {
            room.release();
        }
        return exchange;
    }

    /// Whether a request that is put now will hardly be taken in time, so that it costs less to
    /// refuse it at once: the oldest has waited for a good part of that time, and more are waiting
    /// than were taken in such a time of late.
    public boolean isHopeless(Duration timeout) {
        Exchange oldest = queue.peek();
        if (oldest == null) {
            return false;
        }
        return waited(oldest, System.nanoTime()) > timeout.toNanos() / GOOD_PART
                && depth() > rate.within(timeout.toNanos());
    }

    /// One that was polled is being answered by its app. Those that are refused in its place say
    /// nothing of how fast an app is.
    public void took() {
        rate.took();
    }

    /// Looks how fast requests are taken. To be called by one thread, from time to time.
    public void sample(long now) {
        rate.sample(now, depth());
    }

    /// The exchange that waits longest, if it has waited for longer than that.
    ///
    /// @param now [System#nanoTime]
    public @Nullable Exchange pollLate(long now, Duration timeout) {
        Exchange oldest = queue.peek();
        if (oldest == null || waited(oldest, now) <= timeout.toNanos() || !queue.remove(oldest)) {
            return null;
        }
        room.release();
        return oldest;
    }

    /// Whether there is nothing to take.
    public boolean isEmpty() {
        return held || queue.isEmpty();
    }

    /// The first of those that wait, in their order, as far as they can be seen in passing. For any
    /// thread.
    public List<Exchange> first(int count) {
        return queue.stream().limit(count).toList();
    }

    /// How many may wait.
    public int capacity() {
        return capacity;
    }

    /// Exchanges that wait.
    public int depth() {
        return Math.max(0, capacity - room.availablePermits());
    }
}
