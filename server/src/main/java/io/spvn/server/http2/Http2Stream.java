package io.spvn.server.http2;

import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.Transport;
import io.spvn.server.connection.ConnectionTrace;
import io.spvn.server.http.Compressor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/// One request and its response on a connection: what the exchange, the reader and whoever writes
/// know each other by.
///
/// That of a tunnel is no request to others: who is told of it is told by what goes through it.
///
/// It is in the connection's table until its response is written, the client has reset it or the
/// connection is over. What its response holds is given back under the turn to write, whoever has
/// ended it.
final class Http2Stream implements Transport {
    /// What a stream costs by itself: its objects.
    private static final int BYTES = 2 * 1024;

    private final int id;
    private final Http2Connection owner;
    private final Http2 http;
    private final Http2Writer writer;
    private final Http2Head head;
    private final HttpExchange exchange;
    private final Http2Response response;
    private final Incoming body;
    private final boolean tunnel;
    private final SendWindow window;
    private volatile StreamState state; // changed by #move alone
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Priority priority;
    private volatile long stalledSince; // 0 while it is not the window that it waits for
    private volatile boolean over;
    private boolean written; // of who has the turn: all of the response

    /// @param endStream whether all of the request has come
    Http2Stream(
            int id, Http2Connection owner, Http2 http, Http2Request request, boolean endStream) {
        this.id = id;
        this.owner = owner;
        this.http = http;
        this.writer = owner.writer();
        this.head = request.head();
        this.priority = request.priority();
        this.window = new SendWindow(owner.peer().initialWindow());
        Ledger ledger = owner.ledger();
        this.exchange =
                new HttpExchange(
                        request.scope(),
                        this,
                        head.expectsContinue() && !endStream && head.protocol() == null,
                        endStream,
                        ledger,
                        System.nanoTime());
        exchange.identify(head.id());
        if (http.timed) {
            exchange.keepMoments();
        }
        this.tunnel = head.protocol() != null;
        this.body =
                tunnel
                        ? new TunnelInput(this, owner)
                        : new RequestBody(this, owner, http, head.contentLength());
        this.response =
                new Http2Response(
                        this,
                        http,
                        writer,
                        Compressor.of(http.settings.compression(), request.scope(), ledger));
        this.state = endStream ? StreamState.HALF_CLOSED_REMOTE : StreamState.OPEN;
    }

    int id() {
        return id;
    }

    HttpExchange exchange() {
        return exchange;
    }

    Incoming body() {
        return body;
    }

    /// What has come in a tunnel.
    TunnelInput tunnelInput() {
        if (body instanceof TunnelInput input) {
            return input;
        }
        throw new IllegalStateException("not a tunnel: " + exchange);
    }

    StreamState state() {
        return state;
    }

    /// What may be sent on it.
    SendWindow window() {
        return window;
    }

    Priority priority() {
        return priority;
    }

    /// The client has thought about it.
    void prioritize(Priority wanted) {
        priority = wanted;
    }

    int maxFrameSize() {
        return owner.peer().maxFrameSize();
    }

    /// What its head makes the server hold.
    long weight() {
        return weight(head);
    }

    static long weight(Http2Head head) {
        return (long) BYTES + head.headers().block().length;
    }

    // ---- reader

    /// The client has sent all of its request.
    void clientEnded() {
        move(StreamState::clientEnded);
    }

    /// The client gives window.
    ///
    /// @return false when that is more than there can be
    boolean give(long bytes) {
        boolean legal = window.give(bytes);
        if (stalledSince != 0) {
            stalledSince = 0;
            announce();
        }
        return legal;
    }

    // ---- whoever has the turn to write

    /// Writes a piece of the response.
    Http2Response.Turn write(FrameWriter frames, int most) {
        if (over) {
            release();
            return Http2Response.Turn.NOTHING;
        }
        if (written) {
            return Http2Response.Turn.NOTHING; // entered again before it was told of
        }
        Http2Response.Turn turn = response.write(frames, most);
        written = turn == Http2Response.Turn.WRITTEN;
        return turn;
    }

    boolean worksLong() {
        return response.worksLong() && !over;
    }

    /// It waits for its client to give it, or the connection, window.
    void stalled() {
        if (stalledSince == 0) {
            stalledSince = System.nanoTime();
        }
    }

    /// Something was written.
    void moved() {
        stalledSince = 0;
    }

    /// The client may send its body.
    void leaveGiven() {
        body.leaveGiven();
    }

    /// Something was done for the client.
    void worked() {
        owner.budgets().worked();
    }

    /// The response has been said to its end.
    ///
    /// @return whether the client is still sending its request
    boolean serverEnded() {
        move(StreamState::serverEnded);
        if (state == StreamState.CLOSED) {
            return false;
        }
        end();
        owner.streams().reset(this);
        return true;
    }

    /// The response was broken off.
    void aborted() {
        end();
        owner.streams().reset(this);
        exchange.broken();
        tellEnd(System.nanoTime() - exchange.createdAt());
        leave();
        release();
    }

    /// The response is with the socket.
    void tellWritten() {
        over = true;
        long nanos = System.nanoTime() - exchange.createdAt();
        if (!tunnel) {
            Scope.Http scope = exchange.scope();
            http.listener.responded(scope.method(), scope.httpVersion(), response.status(), nanos);
            ConnectionTrace.answered(exchange, response.status(), nanos);
            tellEnd(nanos);
        }
        leave();
        release();
    }

    /// Gives back what the response holds.
    void release() {
        response.release();
        writer.forget(this);
    }

    /// It is not in the schedule any more: who has something for it enters it again.
    void leaveSchedule() {
        scheduled.set(false);
    }

    /// Whether it was not in the schedule, and is to be put there.
    boolean enterSchedule() {
        return scheduled.compareAndSet(false, true);
    }

    // ---- responder, worker

    @Override
    public void announce(Exchange ready) {
        announce();
    }

    private void announce() {
        if (enterSchedule()) {
            writer.enter(this);
        }
    }

    @Override
    public void write(Exchange ready) {
        announce();
        if (!owner.isReader()) { // which writes before it waits for anything
            writer.write();
        }
    }

    @Override
    public boolean writeAtOnce(Exchange ready) {
        if (response.worksLong()) {
            return false;
        }
        announce();
        return writer.writeAtOnce();
    }

    @Override
    public void consumed(HttpExchange taken, int bytes) {
        body.consumed(bytes);
    }

    // ---- registry

    void tick(long now) {
        body.tick(now);
        long since = stalledSince;
        if (since != 0 && now - since > owner.timeouts().write().toNanos()) {
            http.listener.refused(Rejected.WRITE_TIMEOUT);
            cancel();
        }
    }

    /// The server answers in the app's stead, or breaks the response off where it has begun.
    /// Whoever calls sees to it that it is written. What goes through a tunnel is cut there.
    void cut(Rejected reason) {
        if (!tunnel) {
            exchange.cut(reason);
            announce();
        }
    }

    // ---- any thread

    /// The client is told that nothing more comes, and to send nothing more.
    void cancel() {
        if (state == StreamState.CLOSED) {
            return;
        }
        owner.streams().reset(this);
        writer.add(new Control.Reset(id, ErrorCode.CANCEL));
        broken();
        writer.nudge();
    }

    /// The client has reset it, or is to be told that it is, or the connection is gone.
    void broken() {
        end();
        exchange.broken();
        tellEnd(System.nanoTime() - exchange.createdAt());
        leave();
        announce(); // gives back what it holds
    }

    /// It is in the table no more, and what its head held is given back.
    private void leave() {
        if (owner.streams().remove(this)) {
            owner.ledger().giveBack(weight());
            http.listener.streamClosed();
        }
    }

    private void end() {
        over = true;
        move(_ -> StreamState.CLOSED);
    }

    private void move(UnaryOperator<StreamState> step) {
        boolean closed;
        synchronized (this) {
            StreamState before = state;
            state = step.apply(before);
            closed = state == StreamState.CLOSED && before != StreamState.CLOSED;
        }
        if (closed) {
            owner.streams().closed(this);
            body.closed();
        }
    }

    /// Once, for who wants to hear of it.
    private void tellEnd(long nanos) {
        if (!tunnel && http.listener.wantsEnds() && told.compareAndSet(false, true)) {
            int status = response.status();
            http.listener.ended(
                    Access.of(
                            exchange,
                            head.asked(),
                            status,
                            response.content(),
                            nanos,
                            response.fields(),
                            0));
        }
    }
}
