package io.spvn.server.http2;

import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Which stream writes next: the most urgent, and of those whoever has waited longest; a stream
/// whose client wants it alone goes on until it has nothing more to write. Streams are entered by
/// any thread, the rest is of the one who writes.
final class Schedule {
    private final Queue<Http2Stream> arrivals = new ConcurrentLinkedQueue<>();
    private final @Nullable ArrayDeque<Http2Stream>[] levels = levels();
    private final Set<Http2Stream> barred = new LinkedHashSet<>(0); // by the connection's window
    private volatile boolean hasBarred;
    private int waiting;

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of generics
    private static @Nullable ArrayDeque<Http2Stream>[] levels() {
        return new ArrayDeque[Priority.LEVELS];
    }

    /// A stream has something to write.
    void enter(Http2Stream stream) {
        arrivals.add(stream);
    }

    /// Whether a stream has been entered that nobody has seen yet. Any thread.
    boolean hasArrivals() {
        return !arrivals.isEmpty();
    }

    /// Whether no stream is to write.
    boolean isEmpty() {
        return waiting == 0 && arrivals.isEmpty();
    }

    /// The stream whose turn it is, null when none is to write.
    @Nullable Http2Stream next() {
        for (Http2Stream each = arrivals.poll(); each != null; each = arrivals.poll()) {
            level(each).addLast(each);
            waiting++;
        }
        for (int urgency = 0; waiting > 0 && urgency < Priority.LEVELS; urgency++) {
            ArrayDeque<Http2Stream> level = levels[urgency];
            Http2Stream first = level == null ? null : level.pollFirst();
            if (first != null) {
                waiting--;
                return first;
            }
        }
        return null;
    }

    /// A stream has had its turn, and has more to write.
    void again(Http2Stream stream) {
        if (stream.priority().shared()) {
            level(stream).addLast(stream);
        } else {
            level(stream).addFirst(stream);
        }
        waiting++;
    }

    /// A stream has something to write for which the connection has no window.
    void bar(Http2Stream stream) {
        barred.add(stream);
        hasBarred = true;
    }

    /// Whether a stream waits for window of the connection. Any thread.
    boolean hasBarred() {
        return hasBarred;
    }

    /// A stream is over.
    void forget(Http2Stream stream) {
        barred.remove(stream);
    }

    /// The connection has window again.
    void unbar() {
        hasBarred = false;
        for (Http2Stream each : barred) {
            if (each.enterSchedule()) {
                level(each).addLast(each);
                waiting++;
            }
        }
        barred.clear();
    }

    private ArrayDeque<Http2Stream> level(Http2Stream stream) {
        int urgency = stream.priority().urgency();
        ArrayDeque<Http2Stream> level = levels[urgency];
        if (level == null) {
            level = new ArrayDeque<>(4);
            levels[urgency] = level;
        }
        return level;
    }
}
