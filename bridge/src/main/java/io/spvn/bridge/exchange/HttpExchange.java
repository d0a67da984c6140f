package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.asgi.ResponseRules;
import io.spvn.bridge.asgi.Scope;
import org.jspecify.annotations.Nullable;

/// One request's meeting point: what the client sent waits here for the app's `receive()`, and what
/// the app said with `send()` waits here to be written.
///
/// Three threads meet in it, each with its own methods: the connection's reader ([#offer],
/// [#inputEnded], [#disconnected]), the worker ([#receive], [#send], [#ended] ...) and the
/// responder ([#nextWrite], [#written], [#broken]). Both directions are bounded: the reader is held
/// up when the app does not read ([Ledger]), and the app is told to wait when the client does not
/// read ([PendingWrites]). All state is guarded by the exchange's own monitor; the waker and the
/// transport are called outside of it.
public final class Exchange {
    private final Scope.Http scope;
    private final Transport transport;
    private final boolean expectsContinue;
    private final long createdAt;
    private volatile long queuedAt;

    // Reader to worker.
    private final PendingBody body;
    private boolean disconnected;
    private boolean receiverWaits;

    // Worker to responder.
    private final PendingWrites writes;
    private ResponseRules.State state = ResponseRules.State.AWAITING_START;
    private boolean senderWaits;
    private boolean continueSent;
    private boolean broken;
    private boolean cut;
    private boolean appEnded;
    private @Nullable Drain drain; // null while the server does not stop

    // Set when a worker has taken the exchange.
    private volatile @Nullable Waker waker;
    private long id = -1;

    /// @param expectsContinue whether the client waits for leave to send its body
    /// @param bodiless whether there is no body
    /// @param ledger what all clients together make the server hold
    /// @param createdAt [System#nanoTime] of the moment the request was complete enough to be
    ///   queued
    public Exchange(
            Scope.Http scope,
            Transport transport,
            boolean expectsContinue,
            boolean bodiless,
            Ledger ledger,
            long createdAt) {
        this.scope = scope;
        this.transport = transport;
        this.expectsContinue = expectsContinue;
        this.body = new PendingBody(bodiless, ledger);
        this.writes = new PendingWrites(scope.method().equals("HEAD"), ledger);
        this.createdAt = createdAt;
        this.queuedAt = createdAt;
    }

    public Scope.Http scope() {
        return scope;
    }

    public Transport transport() {
        return transport;
    }

    /// [System#nanoTime] when it was made.
    public long createdAt() {
        return createdAt;
    }

    /// It is about to be queued.
    public void queued() {
        queuedAt = System.nanoTime();
    }

    /// [System#nanoTime] when it was queued; waiting for a worker is measured from here.
    public long queuedAt() {
        return queuedAt;
    }

    // ---- reader

    /// Gives the app a piece of the body; takes over the array. Blocks while the app has not yet
    /// read what was read ahead.
    ///
    /// @return false when nobody will read it any more
    public boolean offer(byte[] part) throws InterruptedException {
        boolean wake;
        synchronized (this) {
            while (body.isFull() && wantsInput()) {
                wait(); // ends with the exchange at the latest: every way to end it notifies
            }
            if (!wantsInput()) {
                return false;
            }
            body.add(part);
            wake = takeReceiverWait();
        }
        wake(wake);
        return true;
    }

    /// Whether [#offer] would block: only an app can make room again, so the exchange has to be
    /// submitted first.
    public synchronized boolean isFull() {
        return body.isFull() && wantsInput();
    }

    /// The whole body has been offered.
    public void inputEnded() {
        boolean wake;
        synchronized (this) {
            body.complete();
            wake = takeReceiverWait();
        }
        wake(wake);
    }

    /// The client has closed its side. The app hears of it, but may still answer: a client that has
    /// only shut down its sending side goes on reading.
    public void disconnected() {
        boolean wake;
        synchronized (this) {
            disconnected = true;
            wake = takeReceiverWait();
        }
        wake(wake);
    }

    /// Whether the app may still ask for body bytes.
    private boolean wantsInput() {
        return !gone() && !appEnded && state != ResponseRules.State.COMPLETE;
    }

    private boolean accepted() {
        return state == ResponseRules.State.STREAMING;
    }

    private boolean gone() {
        return broken || cut;
    }

    // ---- worker

    /// A worker has taken the exchange; events for it are reported to `waker` from now on.
    public synchronized void taken(long newId, Waker newWaker) {
        id = newId;
        waker = newWaker;
    }

    /// The number the worker knows it by, -1 before it was taken.
    public synchronized long id() {
        return id;
    }

    /// Whether the client left before its request was complete (RFC 9112 section 8).
    public synchronized boolean truncated() {
        return disconnected && !body.isComplete();
    }

    /// Whether the client has closed its side, which it may have done with or without its other
    /// one.
    public synchronized boolean clientLeft() {
        return disconnected;
    }

    /// The next event for the app, or null when it has to wait; then the waker is called once there
    /// is one.
    public synchronized @Nullable Inbound receive() {
        if (state == ResponseRules.State.COMPLETE || gone()) {
            return new Inbound.Disconnect();
        }
        if (body.isReady()) {
            notifyAll();
            return body.take();
        }
        if (disconnected || (drain != null && drain.asked())) {
            return new Inbound.Disconnect();
        }
        receiverWaits = true;
        return null;
    }

    /// Whether the client is to be told to go on (RFC 9110 section 10.1.1): it asked, the app wants
    /// the body, nothing of it has come, and nothing has been written. If so, a write for it has
    /// been queued.
    public synchronized boolean continueDue() {
        boolean due =
                continueOutstanding()
                        && !gone()
                        && state.compareTo(ResponseRules.State.STARTED) <= 0;
        if (due) {
            continueSent = true;
            writes.add(new Write.Continue());
        }
        return due;
    }

    /// Takes an event of the app.
    ///
    /// @throws AsgiViolation when it is not that event's turn or a body does not fit its length
    /// @throws ClientGone when nobody is there to read it
    public Sent send(Outbound event) {
        Sent result;
        boolean wake;
        synchronized (this) {
            result = accept(event);
            wake = state == ResponseRules.State.COMPLETE && takeReceiverWait();
        }
        wake(wake);
        return result;
    }

    private Sent accept(Outbound event) {
        ResponseRules.State next = ResponseRules.next(state, event);
        if (gone()) {
            throw new ClientGone();
        }
        Sent result =
                switch (event) {
                    case Outbound.ResponseStart begin -> writes.hold(begin);
                    case Outbound.ResponseBody piece -> writes.add(piece);
                };
        state = next;
        if (next == ResponseRules.State.COMPLETE) {
            body.drop();
            notifyAll();
        }
        return result;
    }

    /// Whether `send()` may go on; if not, the waker is called once it may.
    ///
    /// @throws ClientGone when nobody is there to read any more
    public synchronized boolean writable() {
        if (gone()) {
            throw new ClientGone();
        }
        senderWaits = !writes.hasRoom();
        return !senderWaits;
    }

    /// The app has returned or raised. A response that it left unfinished becomes a 500 when
    /// nothing of it has been written yet, else the connection is to be cut. It is a 400 when the
    /// request never came to its end: an app that gives up on such a one has done nothing wrong.
    ///
    /// @return whether there is something to write
    public boolean ended() {
        synchronized (this) {
            appEnded = true;
            body.drop();
            notifyAll();
            if (gone() || state == ResponseRules.State.COMPLETE) {
                return false;
            }
            writes.leave(accepted(), told(), truncated());
            state = ResponseRules.State.COMPLETE;
            return true;
        }
    }

    /// Looks whether the app is to be brought to its end, since the server stops ([DrainRules]). To
    /// be called again and again.
    ///
    /// @param listener who waits in `receive()`
    /// @param begun nanoseconds since the server was told to stop
    /// @param grace nanoseconds that open streams get
    public synchronized Drain.Order drain(Listener listener, long begun, long grace) {
        if (settled() || !body.isComplete()) {
            return Drain.Order.NONE;
        }
        Drain now = drain == null ? new Drain() : drain;
        drain = now;
        return now.look(writes, listener, System.nanoTime(), begun, grace);
    }

    private boolean told() {
        return drain != null && drain.told();
    }

    /// Whether the app may leave its response out: its client has left, or it was told to end.
    public synchronized boolean excused() {
        return disconnected || told();
    }

    /// Whether the app's response is complete, or nobody is there to read it.
    public synchronized boolean settled() {
        return gone() || state == ResponseRules.State.COMPLETE;
    }

    /// Whether the connection ended before anything was said on this exchange.
    public synchronized boolean abandoned() {
        return broken && !cut && state == ResponseRules.State.AWAITING_START;
    }

    /// Answers in the app's stead; only for an exchange that no app has seen.
    public void refuse(Rejected reason) {
        synchronized (this) {
            if (gone() || state != ResponseRules.State.AWAITING_START) {
                return;
            }
            state = ResponseRules.State.COMPLETE;
            appEnded = true;
            body.drop();
            writes.add(new Write.Refusal(reason));
            notifyAll();
        }
    }

    // ---- responder

    /// What is to be written next, null when there is nothing (yet).
    public synchronized @Nullable Write nextWrite() {
        return writes.next();
    }

    /// Whether the client still waits for leave to send its body, so that what it sends next is not
    /// known to be a body or a request.
    public synchronized boolean continueOutstanding() {
        return expectsContinue && !continueSent && !body.hasBegun();
    }

    /// Bytes that wait to be written.
    public synchronized long unwritten() {
        return writes.bytes();
    }

    /// The part of them that is in the heap.
    public synchronized long unwrittenInHeap() {
        return writes.heapBytes();
    }

    /// A piece of the body has been written.
    public void written(Outbound.ResponseBody piece) {
        boolean wake;
        synchronized (this) {
            writes.written(piece);
            wake = senderWaits && writes.hasRoom();
            senderWaits &= !wake;
        }
        wake(wake);
    }

    /// The request turned out to be malformed while the app was at it: the client is told so, or
    /// cut off when a part of the response is on its way already. `send()` raises from now on.
    public void cut(Rejected reason) {
        boolean wake;
        synchronized (this) {
            if (broken || cut || state == ResponseRules.State.COMPLETE) {
                return;
            }
            cut = true;
            wake = dropAll();
            writes.breakOff(writes.startTaken(), reason);
        }
        wake(wake);
    }

    /// The connection is gone in both directions. What was not written is dropped; `send()` raises
    /// from now on.
    public void broken() {
        boolean wake;
        synchronized (this) {
            if (broken) {
                return;
            }
            broken = true;
            wake = dropAll();
        }
        wake(wake);
    }

    /// @return whether the app waits, for what will not come any more
    private boolean dropAll() {
        boolean waits = receiverWaits || senderWaits;
        disconnected = true;
        receiverWaits = false;
        senderWaits = false;
        writes.release();
        body.drop();
        notifyAll();
        return waits;
    }

    // ---- wakes

    private boolean takeReceiverWait() {
        boolean waits = receiverWaits;
        receiverWaits = false;
        return waits;
    }

    private void wake(boolean needed) {
        Waker target = waker;
        if (needed && target != null) {
            target.wake(this);
        }
    }

    /// For messages: method and path as they were sent, printable.
    @Override
    public String toString() {
        return scope.method() + ' ' + Printable.line(scope.rawPath());
    }
}
