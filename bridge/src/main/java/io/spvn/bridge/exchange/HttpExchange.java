package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.asgi.ResponseRules;
import io.spvn.bridge.asgi.Scope;
import org.jspecify.annotations.Nullable;

/// An exchange of HTTP: a request with its body in, one response out.
///
/// The body is bounded by [Ledger], the response by [PendingWrites]; which event of the app may
/// follow which is in [ResponseRules].
public final class HttpExchange extends Exchange {
    private final Scope.Http scope;
    private final PendingBody body; // reader to worker
    private ResponseRules.State response = ResponseRules.State.AWAITING_START;
    private @Nullable Drain drain; // null while the server does not stop

    /// @param expectsContinue whether the client waits for leave to send its body
    /// @param bodiless whether there is no body
    /// @param ledger what all clients together make the server hold
    /// @param createdAt [System#nanoTime] of the moment its head was complete
    public HttpExchange(
            Scope.Http scope,
            Transport transport,
            boolean expectsContinue,
            boolean bodiless,
            Ledger ledger,
            long createdAt) {
        super(transport, new PendingWrites(scope.method().equals("HEAD"), ledger), createdAt);
        this.scope = scope;
        this.body = new PendingBody(expectsContinue, bodiless, ledger);
    }

    /// What the app is called with.
    public Scope.Http scope() {
        return scope;
    }

    @Override
    public Peers peers() {
        return scope.peers();
    }

    // ---- reader

    /// Gives the app a piece of the body; takes over the array. Blocks while the app has not yet
    /// read what was read ahead.
    ///
    /// @return false when nobody will read it any more
    public boolean offer(byte[] part) throws InterruptedException {
        synchronized (this) {
            while (mustWait()) {
                wait(); // ends with the exchange at the latest: every way to end it notifies
            }
        }
        return offerNow(part); // room stays, for nobody else adds to the body
    }

    /// The same for a piece that its client was allowed to send, however much waits for the app:
    /// does not block.
    ///
    /// @return false when nobody will read it any more
    public boolean offerNow(byte[] part) {
        boolean wake;
        synchronized (this) {
            if (state().settled()) {
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
        return mustWait();
    }

    private boolean mustWait() {
        return body.isFull() && !state().settled();
    }

    /// The whole body has been offered.
    public void bodyComplete() {
        boolean wake;
        synchronized (this) {
            body.complete();
            wake = takeReceiverWait();
        }
        wake(wake);
    }

    // ---- worker

    @Override
    public @Nullable Inbound receive() {
        Inbound event;
        int taken;
        synchronized (this) {
            int before = body.content();
            event = next();
            taken = before - body.content();
        }
        if (taken > 0) {
            transport().consumed(this, taken);
        }
        return event;
    }

    private @Nullable Inbound next() {
        if (state().settled()) {
            return new Inbound.Disconnect();
        }
        if (body.isReady()) {
            notifyAll();
            return body.take();
        }
        if (left() || (drain != null && drain.asked())) {
            return new Inbound.Disconnect();
        }
        awaitInput();
        return null;
    }

    /// RFC 9110 section 10.1.1: the client asked, the app wants the body, nothing of it has come,
    /// and nothing has been written.
    @Override
    public synchronized boolean continueDue() {
        boolean due = body.isHeldBack() && !state().settled() && !response.hasBegun();
        if (due) {
            body.giveLeave();
            writes().add(new Write.Continue());
        }
        return due;
    }

    @Override
    Sent accept(Outbound event) {
        ResponseRules.State next = ResponseRules.next(response, event);
        requireClient();
        Sent result =
                switch (event) {
                    case Outbound.ResponseStart begin -> writes().hold(begin);
                    case Outbound.ResponseBody piece -> writes().add(piece);
                    case Outbound.WholeFile whole -> writes().add(whole);
                    case Outbound.Trailers trailers -> writes().add(trailers);
                    case Outbound.EarlyHint(Headers links) ->
                            response.hasBegun() ? Sent.HELD : writes().hint(links);
                    case Outbound.Accept _,
                            Outbound.Message _,
                            Outbound.Close _,
                            Outbound.DenialStart _,
                            Outbound.DenialBody _ ->
                            throw new IllegalStateException("not of a response: " + event);
                };
        response = next;
        if (next == ResponseRules.State.COMPLETE) {
            complete();
        }
        return result;
    }

    @Override
    public synchronized Drain.Order drain(Receiver listener, long begun, long grace) {
        if (state().settled() || !body.isComplete()) {
            return Drain.Order.NONE;
        }
        Drain now = drain == null ? new Drain() : drain;
        drain = now;
        return now.look(writes(), listener, System.nanoTime(), begun, grace);
    }

    private boolean told() {
        return drain != null && drain.told();
    }

    @Override
    public synchronized boolean excused() {
        return left() || told();
    }

    @Override
    public synchronized boolean truncated() {
        return left() && !body.isComplete();
    }

    // ---- responder

    /// Whether the client still waits for leave to send its body, so that what it sends next is not
    /// known to be a body or a request.
    public synchronized boolean continueOutstanding() {
        return body.isHeldBack();
    }

    // ---- how it ends

    @Override
    void dropInput() {
        body.drop();
    }

    @Override
    void answer(Rejected reason, String detail) {
        response = ResponseRules.State.COMPLETE;
        writes().add(new Write.Refusal(reason, detail));
    }

    /// An answer of the server while nothing of the app's is with the transport.
    @Override
    void refuseOrAbort(Rejected reason) {
        writes().refuseOrAbort(writes().startTaken(), reason);
    }

    /// A response that was left unfinished becomes a 500 when nothing of it has been said, else it
    /// is broken off. It is a 400 when the request never came to its end: an app that gives up on
    /// such a one has done nothing wrong.
    @Override
    void finish(boolean raised) {
        writes().leave(response.hasBegun(), told(), truncated());
        response = ResponseRules.State.COMPLETE;
    }

    @Override
    public String method() {
        return scope.method();
    }

    @Override
    public String path() {
        return Printable.line(scope.rawPath());
    }

    /// Method and path as they were sent.
    @Override
    String name() {
        return method() + ' ' + path();
    }
}
