package io.spvn.server.connection;

import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.exchange.Ledger;
import org.jspecify.annotations.Nullable;

/// What has been read from a connection and not yet been understood, whichever protocol will do
/// that. The reader's thread only.
///
/// The socket returns a fresh array with each read, which becomes the buffer when nothing is left
/// of the one before: an idle connection holds no buffer here, and body pieces need no copy. A head
/// that comes in pieces is collected in a buffer that doubles. What the buffer weighs is entered in
/// the ledger for as long as it is here.
public final class SocketInput {
    private static final byte[] NOTHING = {};

    private final Socket socket;
    private final Registry registry;
    private final Ledger ledger;
    private final boolean inner;
    private @Nullable Lookout lookout;
    private byte[] buffer = NOTHING;
    private int from;
    private int to;

    SocketInput(Socket socket, Registry registry) {
        this.socket = socket;
        this.registry = registry;
        this.ledger = registry.ledger();
        this.inner = socket.isInner();
    }

    public byte[] buffer() {
        return buffer;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public boolean isEmpty() {
        return from == to;
    }

    /// The first line of what is here, printable.
    public String line() {
        int first = from;
        while (first < to && (buffer[first] == '\r' || buffer[first] == '\n')) {
            first++;
        }
        int end = first;
        while (end < to && buffer[end] != '\r' && buffer[end] != '\n') {
            end++;
        }
        return Printable.line(buffer, first, end);
    }

    /// What stands before `position` is done with.
    public void consumedTo(int position) {
        from = position;
        if (isEmpty()) {
            ledger.giveBack(Ledger.weight(buffer.length));
            buffer = NOTHING;
            from = 0;
            to = 0;
        }
    }

    /// What has not been understood is not wanted any more.
    void drop() {
        consumedTo(to);
    }

    /// The connection is over, and its socket closed: gives back all that is held.
    void close() {
        Lookout current = lookout;
        if (current != null) {
            current.close();
        }
        drop();
        socket.endInput();
    }

    /// Reads what the client sends next; blocks until there is something.
    ///
    /// @return false at the end of the input
    /// @throws NoRoom when there is no room for it
    /// @throws java.io.UncheckedIOException when the connection is reset or closed meanwhile
    public boolean fill() {
        byte[] next = next();
        if (next == null) {
            return false;
        }
        if (!inner) {
            registry.received(next.length);
        }
        if (isEmpty()) {
            buffer = next;
            from = 0;
            to = next.length;
        } else {
            append(next);
        }
        return true;
    }

    /// Reads on while the reader waits for something other than the client, until the next [#fill].
    ///
    /// @param onEnd called when the client sends no more, by another thread or at once
    /// @param onBreak called by another thread when the connection is broken; the same each time
    public void watch(Runnable onEnd, Runnable onBreak) {
        Lookout current = lookout;
        if (current == null) {
            current = new Lookout(socket, ledger, onBreak);
            lookout = current;
        }
        current.watch(onEnd);
    }

    private byte @Nullable [] next() {
        Lookout current = lookout;
        if (current == null) {
            return socket.read();
        }
        byte[] seen = current.take();
        if (seen != null || current.ended()) {
            return seen;
        }
        lookout = null;
        return socket.read();
    }

    private void append(byte[] next) {
        try {
            if (buffer.length - to < next.length) {
                grow(next.length);
            }
            System.arraycopy(next, 0, buffer, to, next.length);
            to += next.length;
        } finally {
            ledger.giveBack(Ledger.weight(next.length));
        }
    }

    private void grow(int by) {
        int left = to - from;
        int wanted = Math.max(2 * left, left + by);
        if (!ledger.take(Ledger.weight(wanted))) {
            throw new NoRoom();
        }
        byte[] larger = new byte[wanted];
        System.arraycopy(buffer, from, larger, 0, left);
        ledger.giveBack(Ledger.weight(buffer.length));
        buffer = larger;
        from = 0;
        to = left;
    }
}
