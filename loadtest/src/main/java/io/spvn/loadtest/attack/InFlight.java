package io.spvn.loadtest.attack;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// The connections that have a request, in the order in which their requests were due, which is
/// also the order in which they run out of time. Used by the event loop alone.
final class InFlight {
    private @Nullable Connection oldest;
    private @Nullable Connection newest;
    private int size;

    void add(Connection connection) {
        Connection last = newest;
        connection.older = last;
        connection.newer = null;
        newest = connection;
        if (last == null) {
            oldest = connection;
        } else {
            last.newer = connection;
        }
        size++;
    }

    void remove(Connection connection) {
        Connection older = connection.older;
        Connection newer = connection.newer;
        if (older == null) {
            oldest = newer;
        } else {
            older.newer = newer;
        }
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        connection.older = null;
        connection.newer = null;
        size--;
    }

    int size() {
        return size;
    }

    /// Whether the oldest request was due at `time` or before.
    boolean hasDueBy(long time) {
        Connection first = oldest;
        return first != null && first.due <= time;
    }

    /// Call only if there is one.
    Connection oldest() {
        return requireNonNull(oldest);
    }
}
