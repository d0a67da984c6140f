package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.ExchangeRules.Move;
import io.spvn.bridge.exchange.ExchangeRules.State;
import org.jspecify.annotations.Nullable;

/// One call of the app, and the meeting point of the threads that have to do with it: what the
/// client sent waits here for the app's `receive()`, and what the app said with `send()` waits here
/// to be written. This is what every exchange has, whatever its protocol: who it is and where it
/// came from, how long it waited, who waits for it and is woken, and how it ends ([ExchangeRules]).
/// So it is all that queue, workers and responders know.
///
/// Each thread has its own methods: the connection's reader, the worker, the responder. Both
/// directions are bounded: the reader is held up when the app does not read, and the app is told to
/// wait when the client does not read. All state is guarded by the exchange's own monitor; the
/// waker and the transport are called outside of it.
///
/// A kind is a subclass. It adds its scope, how the reader brings what comes, what the app gets by
/// [#receive] and may say by [#send] in which order, what a transport takes out to write, and what
/// the client of a refused, cut or unfinished one is told: [HttpExchange] a body and a response,
/// [WebSocketExchange] a handshake, messages in both directions, and close codes.
public abstract sealed class Exchange extends Timed permits HttpExchange, WebSocketExchange {
    private final Transport transport;
    private final PendingWrites writes; // worker to responder
    private String requestId = "";

    private State state = State.WAITING;
    private boolean clientLeft; // beside the state: such a client may read on
    private boolean receiverWaits;
    private boolean senderWaits;

    // Set when a worker has taken the exchange.
    private volatile @Nullable Waker waker;
    private long id = -1;

    Exchange(Transport transport, PendingWrites writes, long createdAt) {
        super(createdAt);
        this.transport = transport;
        this.writes = writes;
    }

    /// Who talks to whom.
    public abstract Peers peers();

    /// In upper case.
    public abstract String method();

    /// The path as it was sent, printable.
    public abstract String path();

    /// "" for none.
    public final String requestId() {
        return requestId;
    }

    /// Before others know of it.
    public final void identify(String id) {
        requestId = id;
    }

    public final Transport transport() {
        return transport;
    }

    // ---- reader

    /// The client has closed its side. The app hears of it, but may still answer: a client that has
    /// only shut down its sending side goes on reading.
    public final void clientLeft() {
        boolean wake;
        synchronized (this) {
            clientLeft = true;
            wake = takeReceiverWait();
        }
        wake(wake);
    }

    // ---- worker

    /// A worker has taken the exchange; events for it are reported to `newWaker` from now on.
    public final synchronized void taken(long newId, Waker newWaker) {
        id = newId;
        waker = newWaker;
        move(Move.TAKE);
    }

    /// The number the worker knows it by, -1 before it was taken.
    public final synchronized long id() {
        return id;
    }

    /// The next event for the app, or null when it has to wait; then the waker is called once there
    /// is one.
    public abstract @Nullable Inbound receive();

    /// Whether the client is to be told to go on, since the app waits for what it holds back. If
    /// so, a write for that has been queued.
    public abstract boolean continueDue();

    /// Takes an event of the app.
    ///
    /// @throws AsgiViolation when it is not that event's turn, or it does not fit what was said
    /// @throws ClientGone when nobody is there to read it
    public final Sent send(Outbound event) {
        Sent result;
        boolean wake;
        synchronized (this) {
            result = accept(event);
            wake = state.settled() && takeReceiverWait();
        }
        wake(wake);
        return result;
    }

    /// Whether `send()` may go on; if not, the waker is called once it may.
    ///
    /// @throws ClientGone when nobody is there to read any more
    public final synchronized boolean writable() {
        requireClient();
        senderWaits = !writes.hasRoom();
        return !senderWaits;
    }

    /// The app has returned or raised. What it left unfinished is ended in its stead.
    ///
    /// @param raised whether it raised
    /// @return whether there is something to write for that
    public final synchronized boolean appEnded(boolean raised) {
        if (state.settled()) {
            return false;
        }
        complete();
        finish(raised);
        return true;
    }

    /// The worker has ended with the app in it: a response that was not said is not to come.
    public final void workerEnded() {
        cut(Rejected.WORKER_ENDED);
    }

    /// Looks whether the app is to be brought to its end, since the server stops ([DrainRules]). To
    /// be called again and again.
    ///
    /// @param listener who waits in `receive()`
    /// @param begun nanoseconds since the server was told to stop
    /// @param grace nanoseconds that open streams get
    public abstract Drain.Order drain(Receiver listener, long begun, long grace);

    /// Whether the app may leave its part undone: nothing comes from its client any more, or it was
    /// told to end.
    public abstract boolean excused();

    // ---- who decides what becomes of it

    /// Whether nothing is awaited of the app any more: it has said all, or nobody is there to read.
    public final synchronized boolean settled() {
        return state.settled();
    }

    /// Whether nobody is there to read what the app says.
    public final synchronized boolean isGone() {
        return state.gone();
    }

    /// Whether `send()` raises from now on: nobody is there, or the client has said that it does
    /// not listen any more, though what it has said before may still be with the app's `receive()`.
    public final synchronized boolean isUnheard() {
        return unheard();
    }

    /// Whether the connection broke before a worker took it.
    public final synchronized boolean abandoned() {
        return state == State.ABANDONED;
    }

    /// Whether nothing comes from the client any more: it has closed its side, with or without its
    /// other one, or is gone.
    public final synchronized boolean hasClientLeft() {
        return left();
    }

    /// Whether the client left before its request was complete (RFC 9112 section 8).
    public abstract boolean truncated();

    /// Answers in the app's stead; only what no worker has taken.
    public final void refuse(Rejected reason) {
        refuse(reason, "");
    }

    /// The same.
    ///
    /// @param detail what the client is shown beside the reason, several lines; "" for nothing
    public final synchronized void refuse(Rejected reason, String detail) {
        if (move(Move.REFUSE)) {
            answer(reason, detail);
        }
    }

    // ---- responder, and who ends connections

    /// What is to be written next, null when there is nothing (yet).
    public final synchronized @Nullable Write nextWrite() {
        return writes.next();
    }

    /// Bytes that wait to be written.
    public final synchronized long unwritten() {
        return writes.bytes() + writes.headBytes();
    }

    /// The part of [#unwritten] that is in the heap.
    public final synchronized long unwrittenInHeap() {
        return writes.heapBytes();
    }

    /// Whether some of [#unwritten] lies in a file, so that to write it is to wait for a disk,
    /// perhaps.
    public final synchronized boolean hasFiles() {
        return writes.haveFiles();
    }

    /// A piece of what the app has said has been written.
    public final void written(Payload piece) {
        boolean wake;
        synchronized (this) {
            writes.written(piece);
            wake = takeSenderWait();
        }
        wake(wake);
    }

    /// The server ends it while the app may be at it: the client is told so, or cut off when a part
    /// of what the app said is on its way already. `send()` raises from now on.
    public final void cut(Rejected reason) {
        boolean wake;
        synchronized (this) {
            if (!move(Move.CUT)) {
                return;
            }
            writes.drop();
            refuseOrAbort(reason);
            wake = takeWaits() || wantsEnd();
        }
        wake(wake);
    }

    /// The connection carries nothing any more, in either direction. What was not written is
    /// dropped; `send()` raises from now on.
    public final void broken() {
        boolean wake;
        synchronized (this) {
            if (!move(Move.BREAK)) {
                return;
            }
            writes.drop();
            wake = takeWaits() || wantsEnd();
        }
        wake(wake);
    }

    // ---- what a kind does; all of it under the monitor

    /// Takes an event of the app, see [#send].
    abstract Sent accept(Outbound event);

    /// Nobody will read what has come.
    abstract void dropInput();

    /// Says the server's answer in place of the app's, which has not seen it.
    abstract void answer(Rejected reason, String detail);

    /// Says the server's answer, or breaks off what the client has got a part of.
    abstract void refuseOrAbort(Rejected reason);

    /// Ends what the app has left unfinished.
    ///
    /// @param raised whether the app raised
    abstract void finish(boolean raised);

    /// Whether nobody will read what the app says.
    boolean unheard() {
        return state.gone();
    }

    // ---- for the kinds; but for `wake` under the monitor

    /// What the app has said.
    final PendingWrites writes() {
        return writes;
    }

    /// Where it is in its life.
    final State state() {
        return state;
    }

    /// The app has said all, or all was said in its stead.
    final void complete() {
        if (!move(Move.COMPLETE)) {
            throw new IllegalStateException("not at work: " + this);
        }
    }

    /// Whether nothing comes from the client any more.
    final boolean left() {
        return clientLeft || state.gone();
    }

    final void requireClient() {
        if (unheard()) {
            throw new ClientGone();
        }
    }

    /// The app waits in `receive()`.
    final void awaitInput() {
        receiverWaits = true;
    }

    /// Whether the app waits in `receive()`.
    final boolean receiverWaits() {
        return receiverWaits;
    }

    /// Whether the app waits in `receive()`, for which there is something now.
    final boolean takeReceiverWait() {
        boolean waits = receiverWaits;
        receiverWaits = false;
        return waits;
    }

    /// Whether the app waits to send more, for which there is room now.
    private boolean takeSenderWait() {
        boolean ends = senderWaits && writes.hasRoom();
        senderWaits &= !ends;
        return ends;
    }

    /// Whether the app waits, for what will not come any more.
    final boolean takeWaits() {
        boolean waits = receiverWaits || senderWaits;
        receiverWaits = false;
        senderWaits = false;
        return waits;
    }

    /// Whether the worker is to hear that nobody reads, though its app does not wait.
    final boolean wantsEnd() {
        Waker target = waker;
        return target != null && target.wantsEnd();
    }

    /// Not under the monitor.
    final void wake(boolean needed) {
        Waker target = waker;
        if (needed && target != null) {
            target.wake(this);
        }
    }

    private boolean move(Move move) {
        State next = ExchangeRules.next(state, move);
        if (next == null) {
            return false;
        }
        if (next.settled() && !state.settled()) {
            said();
        }
        state = next;
        if (next.settled()) {
            dropInput();
            notifyAll(); // the reader may wait for the app to make room
        }
        return true;
    }

    /// For messages.
    @Override
    public final String toString() {
        return requestId.isEmpty() ? name() : name() + " [" + requestId + ']';
    }

    /// Printable.
    abstract String name();
}
