package io.spvn.server.connection;

import io.spvn.bridge.exchange.Rejected;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The end of a connection, and the registry's look at it ([#tick]), which finds out who is late
/// with what. It ends in this order:
///
///     last      no other request is begun
///     finished  nothing more is said, and the client hears so at once; what it still sends is read
///               and dropped, for a while
///     closed    from either of them, or at once
///
/// and who brings that about:
///
///     the conversation, when all is said      last, finished
///     the reader, when the client has left    closed
///     who finds the connection broken         closed ([#breakOff])
///     the registry, when the client is late   the conversation tells the client so, and finishes;
///                                             where there is nothing to tell: closed
///     the registry, when it sends no request  closed, unless one comes in that very moment
///     the registry, when the client takes     closed; what is under way to it is forgotten
///     nothing of what is written
///     the registry, when the server stops     closed when idle, else last; when the time is up the
///                                             conversation is cut, and soon closed
///
/// A close with unread input would reset the connection and take the end of a response with it (RFC
/// 9112 section 9.6). So the reader lingers until the client ends its side, has neither sent nor
/// taken anything for a while ([Due#END]), or has gone on for [#MOST].
///
/// For any thread but where it is said; who calls [#finish] has written all there is to write.
public final class Ending implements TimedConnection {
    private static final Duration MOST = Duration.ofSeconds(30);

    /// The same when the server is about to end.
    private static final Duration SHORT_MOST = Duration.ofSeconds(2);

    /// Ticks after which nothing is waited for any more when the time to stop is up; the stop waits
    /// for about as long (`StopTimes`).
    private static final int LAST_WORDS = 10;

    /// How often it is looked whether the client of a reader that is away is still there.
    private static final long LOOK_NANOS = 1_000_000_000;

    private final Socket socket;
    private final Registry registry;
    private final ClientClock clock;
    private final SocketOutput output;
    private final Supplier<Conversation> conversation;
    private final Consumer<Rejected> refusals;
    private volatile boolean last;
    private volatile boolean closed;
    private volatile boolean away;
    private volatile long finishedAt; // 0 while there is something to say
    private volatile long acknowledged;

    // Of the registry's thread.
    private int calls;
    private long nextLook;

    /// @param conversation what is spoken now
    /// @param refusals told why a connection is broken off
    Ending(
            Socket socket,
            Registry registry,
            ClientClock clock,
            SocketOutput output,
            Supplier<Conversation> conversation,
            Consumer<Rejected> refusals) {
        this.socket = socket;
        this.registry = registry;
        this.clock = clock;
        this.output = output;
        this.conversation = conversation;
        this.refusals = refusals;
        this.nextLook = registry.now();
    }

    /// Whether no other request is begun.
    public boolean isLast() {
        return last;
    }

    public void setLast() {
        last = true;
    }

    /// Whether the response in hand must be the last.
    public boolean isNear() {
        return last || registry.stopping();
    }

    /// Nothing more is said.
    ///
    /// @throws UncheckedIOException when the connection is broken
    public void finish() {
        last = true;
        if (finishedAt == 0) {
            acknowledged = socket.acknowledged();
            finishedAt = registry.now();
            socket.endOutput();
        }
        clock.expect(Due.END);
    }

    /// Sets the client's time for what it owes, unless that would take the place of the time that a
    /// finished connection has: another thread may finish it at this moment.
    public void expect(Due owed) {
        clock.expect(owed);
        if (finishedAt != 0) {
            clock.expect(Due.END);
        }
    }

    /// Reader: whether it waits for something other than its client, and would not notice that that
    /// has gone. It is looked for meanwhile.
    public void away(boolean waits) {
        away = waits;
    }

    /// Connection broken: those who wait for it learn of that, and the reader ends.
    public void breakOff() {
        last = true;
        conversation.get().broken();
        close();
    }

    /// Reader, when it begins no other request: reads and drops until the client ends its side or
    /// its time is up. What is said last may still be on its way to the client.
    void linger(SocketInput input) {
        if (!last || closed) {
            return; // the client has ended its side, or we both
        }
        input.drop();
        long begun = registry.now();
        while (registry.now() - begun < most()) {
            clock.expect(Due.END);
            if (!input.fill()) {
                return;
            }
            input.drop();
        }
    }

    /// Reader, when all is over and nothing was broken off: says so, unless that was said. Who says
    /// it has the time that a finished connection has.
    void leave() throws InterruptedException {
        if (closed) {
            return;
        }
        if (finishedAt == 0) {
            sayEnd();
        }
        clock.expect(Due.END);
        socket.awaitOutputEnd();
    }

    private long most() {
        return (registry.stopping() ? SHORT_MOST : MOST).toNanos();
    }

    void close() {
        last = true;
        closed = true;
        try {
            socket.close();
        } catch (UncheckedIOException alreadyClosed) {
            System.getLogger(Ending.class.getName())
                    .log(System.Logger.Level.TRACE, "close", alreadyClosed);
        }
    }

    // ---- registry

    @Override
    public void tick(long now) {
        if (closed) {
            return; // its reader is on its way out
        }
        Conversation current = conversation.get();
        current.tick(now);
        if (away && hasLeft(now)) {
            breakOff();
        }
        clock.hurryIdle(now);
        if (registry.stopping() && clock.windDown(now)) {
            letGo();
        }
        if (clock.isLetGoNext()) {
            letIdleGo();
        } else {
            takeLate(current, now);
        }
        if (output.isLate(now)) {
            abort(Rejected.WRITE_TIMEOUT);
        } else if (output.holds(now) && !output.enter(now, current.unwritten())) {
            abort(Rejected.MEMORY);
        }
    }

    private boolean hasLeft(long now) {
        if (now - nextLook < 0) {
            return false;
        }
        nextLook = now + LOOK_NANOS;
        return socket.hasReset();
    }

    private void takeLate(Conversation current, long now) {
        Due late = clock.takeLate(now);
        switch (late) {
            case NOTHING, LEAVE, FIRST_BYTE, REQUEST -> {} // an idle client has one more tick
            case HANDSHAKE -> breakOff(Rejected.HANDSHAKE_TIMEOUT);
            case HEAD, BODY -> current.late(late);
            case END -> endLate(now);
        }
    }

    /// A tick after its time was up: a request that came in that moment is not to be met with the
    /// end of the connection, whether it was read meanwhile ([ClientClock#arrived]) or waits to be.
    private void letIdleGo() {
        if (socket.hasUnread()) {
            clock.stay();
        } else if (clock.letGo()) {
            refusals.accept(Rejected.IDLE_TIMEOUT);
            letGo();
        }
    }

    /// Nothing is in hand: the client need not take the end for a break.
    private void letGo() {
        conversation.get().farewell();
        sayEnd();
        breakOff();
    }

    private void sayEnd() {
        try {
            socket.endOutput();
        } catch (UncheckedIOException broken) {
            System.getLogger(Ending.class.getName()).log(System.Logger.Level.TRACE, "end", broken);
        }
    }

    private void endLate(long now) {
        if (isOverdue(now)) {
            breakOff();
        }
    }

    /// A client that has not sent anything may have taken something.
    private boolean isOverdue(long now) {
        long begun = finishedAt;
        if (begun == 0 || now - begun > most()) {
            return true;
        }
        long before = acknowledged;
        acknowledged = socket.acknowledged();
        if (acknowledged == before) {
            return true;
        }
        clock.expect(Due.END);
        return false;
    }

    /// The client is refused, and its connection ends without a word. Any thread.
    public void breakOff(Rejected reason) {
        refusals.accept(reason);
        breakOff();
    }

    /// A client that does not read will not take what the system still has for it either.
    private void abort(Rejected reason) {
        refusals.accept(reason);
        reset();
    }

    /// Ends the connection at once, and lets the system forget what the client has not taken. Any
    /// thread.
    void reset() {
        last = true;
        closed = true;
        socket.abort();
        breakOff();
    }

    /// A client that has got nothing yet is told so.
    @Override
    public void timeIsUp() {
        if (++calls == 1) {
            Thread.startVirtualThread(this::lastWords);
        } else if (calls > LAST_WORDS) {
            breakOff();
        }
    }

    private void lastWords() {
        if (!conversation.get().cut(Rejected.STOPPING)) {
            breakOff();
        }
    }
}
