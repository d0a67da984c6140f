package io.spvn.server.connection;

import java.io.UncheckedIOException;
import java.time.Duration;

/// How a connection ends, in this order:
///
///     last      no other request is begun
///     finished  nothing more is said, and the client hears so at once; what it still sends is read
///               and dropped, for a while
///     closed    from either of them, or at once
///
/// A close with unread input would reset the connection and take the end of a response with it (RFC
/// 9112 section 9.6). So the reader lingers until the client ends its side, has neither sent nor
/// taken anything for [#PATIENCE], or has gone on for [#MOST].
///
/// For any thread but where it is said; who calls [#finish] has written all there is to write.
public final class Ending {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration MOST = Duration.ofSeconds(30);

    /// The same when the server is about to end.
    private static final Duration SHORT_PATIENCE = Duration.ofMillis(500);

    private static final Duration SHORT_MOST = Duration.ofSeconds(2);

    private final PlainSocket socket;
    private final Registry registry;
    private final ClientClock clock;
    private volatile boolean last;
    private volatile long finishedAt; // 0 while there is something to say
    private volatile long acknowledged;

    public Ending(PlainSocket socket, Registry registry, ClientClock clock) {
        this.socket = socket;
        this.registry = registry;
        this.clock = clock;
    }

    /// Whether no other request is begun.
    public boolean isLast() {
        return last;
    }

    public void setLast() {
        last = true;
    }

    public void finish() {
        last = true;
        if (finishedAt == 0) {
            acknowledged = socket.acknowledged();
            finishedAt = registry.now();
            socket.endOutput();
        }
        expectEnd();
    }

    private void expectEnd() {
        clock.expectEnd(registry.stopping() ? SHORT_PATIENCE : PATIENCE);
    }

    /// Sets the client's time for what it owes, unless that would take the place of the time that a
    /// finished connection has: another thread may finish it at this moment.
    public void expect(Runnable owed) {
        owed.run();
        if (finishedAt != 0) {
            expectEnd();
        }
    }

    /// Reader, when it begins no other request: reads and drops until the client ends its side or
    /// its time is up. What is said last may still be on its way to the client.
    public void linger(SocketInput input) {
        if (!last) {
            return; // the client has ended its side
        }
        input.drop();
        long begun = registry.now();
        while (registry.now() - begun < most()) {
            expectEnd();
            if (!input.fill()) {
                return;
            }
            input.drop();
        }
    }

    private long most() {
        return (registry.stopping() ? SHORT_MOST : MOST).toNanos();
    }

    /// Registry's thread: whether the end is overdue. A client that has not sent anything may have
    /// taken something.
    public boolean isOverdue(long now) {
        long begun = finishedAt;
        if (begun == 0 || now - begun > most()) {
            return true;
        }
        long before = acknowledged;
        acknowledged = socket.acknowledged();
        if (acknowledged == before) {
            return true;
        }
        expectEnd();
        return false;
    }

    public void close() {
        last = true;
        try {
            socket.close();
        } catch (UncheckedIOException alreadyClosed) {
            System.getLogger(Ending.class.getName())
                    .log(System.Logger.Level.TRACE, "close", alreadyClosed);
        }
    }

    /// Closed, and what the client has not taken is dropped.
    public void abort() {
        last = true;
        socket.abort();
    }
}
