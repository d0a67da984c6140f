package io.spvn.server.http2;

import io.spvn.server.connection.ClientClock;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The streams of a connection that are not over, and what is remembered of others. Opened by the
/// reader, closed by any thread.
///
/// The client owes its next request while there is none, which is said here, under the monitor, so
/// that one that ends and one that begins cannot contradict each other.
final class Streams {
    /// What is remembered of streams that the server has reset: their clients may not know it yet.
    private static final int REMEMBERED = 128;

    private final ConcurrentHashMap<Integer, Http2Stream> open = new ConcurrentHashMap<>();
    private final ClientClock clock;
    private final int limit;

    // By the monitor.
    private final int[] resets = new int[REMEMBERED];
    private int nextReset;
    private int active; // open or half-closed, as the client counts them
    private int last; // that was opened, or refused
    private boolean sealed;

    /// @param limit of those that are open at a time
    Streams(ClientClock clock, int limit) {
        this.clock = clock;
        this.limit = limit;
    }

    /// The stream of a frame, null for one that is not there.
    @Nullable Http2Stream get(int id) {
        return open.get(id);
    }

    /// Reader: a client has begun another stream, whatever becomes of it.
    synchronized void begun(int id) {
        last = id;
    }

    /// Reader: whether a stream has never been used.
    synchronized boolean isIdle(int id) {
        return id > last;
    }

    /// Reader: whether another stream may be opened. One whose response was told to be over while
    /// its app goes on is none that the client counts, but there is a bound to those as well.
    synchronized boolean isFull() {
        return active >= limit || open.size() >= 2 * limit;
    }

    /// Reader: a request has come.
    ///
    /// @return false when no other is served
    synchronized boolean add(Http2Stream stream) {
        if (sealed || !clock.stop()) {
            return false;
        }
        open.put(stream.id(), stream);
        if (stream.state() != StreamState.CLOSED) {
            active++;
        }
        return true;
    }

    /// A stream is closed to both sides.
    synchronized void closed(Http2Stream stream) {
        if (open.containsKey(stream.id())) {
            active--;
        }
    }

    /// The server has reset a stream, or is about to.
    synchronized void reset(Http2Stream stream) {
        reset(stream.id());
    }

    synchronized void reset(int id) {
        resets[nextReset] = id;
        nextReset = (nextReset + 1) % REMEMBERED;
    }

    /// Whether the server has reset a stream lately.
    synchronized boolean wasReset(int id) {
        for (int each : resets) {
            if (each == id) {
                return true;
            }
        }
        return false;
    }

    /// A stream is over.
    ///
    /// @return whether it was not before
    synchronized boolean remove(Http2Stream stream) {
        if (!open.remove(stream.id(), stream)) {
            return false;
        }
        if (open.isEmpty()) {
            notifyAll();
            if (!sealed) {
                clock.expectNext(false);
            }
        }
        return true;
    }

    /// Reader: it has something other to wait for than the client's next request, or has not.
    synchronized void expectNext() {
        if (open.isEmpty() && !sealed) {
            clock.expectNext(false);
        }
    }

    /// No other is served.
    ///
    /// @return the last one that may have been
    synchronized int seal() {
        sealed = true;
        return last;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    int size() {
        return open.size();
    }

    Collection<Http2Stream> all() {
        return open.values();
    }

    /// Reader: waits until none is left.
    synchronized void awaitNone() throws InterruptedException {
        while (!open.isEmpty()) {
            TimeUnit.MILLISECONDS.timedWait(this, 1000);
        }
    }
}
