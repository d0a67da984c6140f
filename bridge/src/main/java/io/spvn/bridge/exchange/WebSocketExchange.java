package io.spvn.bridge.exchange;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.CloseCode;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.asgi.WebSocketRules;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An exchange over a WebSocket: its handshake, and then messages in both directions.
///
/// What comes is bounded by [PendingMessages], what the app says by [PendingWrites]; which event of
/// the app may follow which is in [WebSocketRules]. The app hears of the end behind the messages
/// that came before it. How it ends, and what each side is told:
///
///     the app closes it, its client waits     403
///     the app closes it                       its code; the app receives the same
///     the client closes it                    the app receives its code, 1005 without one
///     the connection ends without a close     the app receives 1006
///     the app returns, its client waits       500
///     the app returns                         1000
///     the app raises                          500, or 1011
///     the server or the worker stops          1012; the app receives the same; 503 for a client
///                                             that waits, and 1006
///     its worker ends                         502, or 1012
public final class WebSocketExchange extends Exchange {
    private static final List<byte[]> OWN_FIELDS =
            List.of(
                    bytes("sec-websocket-protocol"),
                    bytes("sec-websocket-accept"),
                    bytes("sec-websocket-extensions"));

    private volatile Scope.WebSocket scope;
    private final PendingMessages messages; // reader to worker
    private WebSocketRules.State said = WebSocketRules.State.CONNECTING;
    private boolean connectTaken;
    private Inbound.@Nullable Closed end; // what the app receives behind the messages
    private boolean hadMessages; // the app
    private @Nullable SocketDrain drain; // null until it is told that the server stops
    private boolean appEnds; // it has said so itself

    /// @param mostMessages that wait for the app
    /// @param ledger what all clients together make the server hold
    /// @param createdAt [System#nanoTime] of the moment its handshake was complete
    public WebSocketExchange(
            Scope.WebSocket scope,
            Transport transport,
            int mostMessages,
            Ledger ledger,
            long createdAt) {
        super(transport, new PendingWrites(false, ledger), createdAt);
        this.scope = scope;
        this.messages = new PendingMessages(mostMessages, ledger);
    }

    /// What the app is called with; once it has taken the client, [Scope.WebSocket#accepted].
    public Scope.WebSocket scope() {
        return scope;
    }

    @Override
    public Peers peers() {
        return scope.peers();
    }

    // ---- reader

    /// Gives the app a message. Blocks while it has not yet read those before.
    ///
    /// @return false when nobody will read it
    public boolean offer(Inbound.Message message) throws InterruptedException {
        boolean wake;
        synchronized (this) {
            while (messages.isFull() && isOpen()) {
                wait(); // ends with the exchange at the latest: every way to end it notifies
            }
            if (!isOpen()) {
                return false;
            }
            messages.add(message);
            wake = takeReceiverWait();
        }
        wake(wake);
        return true;
    }

    /// Whether [#offer] would block.
    public synchronized boolean isFull() {
        return messages.isFull() && isOpen();
    }

    private boolean isOpen() {
        return end == null && !state().settled();
    }

    /// Waits until the app has read all messages and asks for more, or until the time is up: what
    /// it says to them goes out before the end that follows.
    public synchronized void awaitRead(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        long left = atMost.toMillis();
        while (left > 0 && isOpen() && !(messages.isEmpty() && receiverWaits())) {
            wait(left);
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
    }

    /// Nothing more comes from the client, and it reads nothing any more.
    ///
    /// @param code of its close; 1005 where that had none, 1006 where there was no close
    public void closed(int code, String reason) {
        boolean wake;
        synchronized (this) {
            wake = end(code, reason);
        }
        wake(wake);
    }

    /// @return whether the worker is to be told
    private boolean end(int code, String reason) {
        if (end != null) {
            return false;
        }
        end = new Inbound.Closed(code, reason);
        notifyAll();
        return takeWaits() || wantsEnd();
    }

    /// The client has shut down its sending side, or all of it. Once it is accepted, what it sent
    /// before comes first, and the reader finds the end behind that.
    public void leftBeforeAccept() {
        boolean wake;
        synchronized (this) {
            wake = said != WebSocketRules.State.OPEN && end(CloseCode.ABNORMAL.code(), "");
        }
        wake(wake);
    }

    // ---- worker

    @Override
    public synchronized @Nullable Inbound receive() {
        if (!connectTaken) {
            connectTaken = true;
            return new Inbound.Connect();
        }
        Inbound next = more();
        if (next != null) {
            return next;
        }
        if (drain != null) {
            drain.asked();
        }
        if (end != null) {
            return end;
        }
        if (state().settled()) {
            return new Inbound.Closed(CloseCode.ABNORMAL.code(), "");
        }
        awaitInput();
        notifyAll();
        return null;
    }

    /// One more message, if there is one; for who gets them several at a time.
    public synchronized Inbound.@Nullable Message more() {
        Inbound.Message next = messages.poll();
        if (next != null) {
            hadMessages = true;
            notifyAll();
        }
        return next;
    }

    @Override
    public boolean continueDue() {
        return false;
    }

    @Override
    Sent accept(Outbound event) {
        if (event instanceof Outbound.Close && unheard()) {
            appEnds = true;
            return Sent.HELD; // an app may close what was closed before
        }
        requireClient();
        WebSocketRules.State next = WebSocketRules.next(said, event);
        Sent result = write(event);
        said = next;
        if (next == WebSocketRules.State.CLOSED) {
            appEnds = true;
            complete();
        }
        return result;
    }

    private Sent write(Outbound event) {
        return switch (event) {
            case Outbound.Accept accept -> {
                require(accept);
                scope = scope.accepted();
                writes().add(new Write.Accept(accept));
                yield Sent.READY;
            }
            case Outbound.Message message -> writes().add(message);
            case Outbound.Close(int code, String reason) -> {
                close(code, reason);
                yield Sent.READY;
            }
            case Outbound.DenialStart(Outbound.ResponseStart start) -> writes().hold(start);
            case Outbound.DenialBody(Outbound.ResponseBody body) -> writes().add(body);
            case Outbound.ResponseStart _,
                    Outbound.ResponseBody _,
                    Outbound.WholeFile _,
                    Outbound.Trailers _,
                    Outbound.EarlyHint _ ->
                    throw new IllegalStateException("not of a WebSocket: " + event);
        };
    }

    private void require(Outbound.Accept accept) {
        String subprotocol = accept.subprotocol();
        if (subprotocol != null && !scope.subprotocols().contains(subprotocol)) {
            throw new AsgiViolation(
                    "subprotocol '" + subprotocol + "' was not offered by the client");
        }
        for (byte[] own : OWN_FIELDS) {
            if (accept.headers().find(own, 0) >= 0) {
                throw new AsgiViolation(
                        "'websocket.accept' with the header '%s', which is the server's"
                                .formatted(new String(own, StandardCharsets.US_ASCII)));
            }
        }
    }

    /// The end as the app, or the server in its stead, says it.
    private void close(int code, String reason) {
        if (said == WebSocketRules.State.OPEN) {
            writes().add(new Write.Close(code, reason));
        } else {
            Sent _ = writes().hold(new Outbound.ResponseStart(403, Headers.EMPTY));
            Sent _ = writes().add(new Outbound.ResponseBody(Payload.EMPTY, false));
        }
        if (end == null) {
            end = new Inbound.Closed(code, reason);
        }
    }

    /// The server stops; when what is due is in [SocketDrain].
    @Override
    public synchronized Drain.Order drain(Receiver listener, long begun, long grace) {
        long now = System.nanoTime();
        if (drain != null) {
            return drain.look(now, grace, hadMessages);
        }
        boolean open = said == WebSocketRules.State.OPEN;
        boolean lives = (open || said == WebSocketRules.State.CONNECTING) && isOpen();
        if (!lives || !SocketDrain.isDue(open, listener, begun, grace)) {
            return Drain.Order.NONE;
        }
        drain = new SocketDrain(now);
        if (open) {
            close(CloseCode.SERVICE_RESTART.code(), "");
        } else {
            writes().refuseOrAbort(false, Rejected.STOPPING);
            end = new Inbound.Closed(CloseCode.ABNORMAL.code(), "");
        }
        said = WebSocketRules.State.CLOSED;
        complete();
        return Drain.Order.TELL;
    }

    @Override
    public synchronized boolean excused() {
        return said == WebSocketRules.State.OPEN || left() || end != null;
    }

    @Override
    public boolean truncated() {
        return false;
    }

    /// Whether the app has taken it.
    public synchronized boolean isAccepted() {
        return said == WebSocketRules.State.OPEN;
    }

    // ---- how it ends

    @Override
    boolean unheard() {
        return state().gone() || (end != null && !appEnds);
    }

    @Override
    void dropInput() {
        messages.drop();
    }

    @Override
    void answer(Rejected reason, String detail) {
        said = WebSocketRules.State.CLOSED;
        writes().add(new Write.Refusal(reason, detail));
    }

    /// An answer of the server where the client still waits for one, else a close.
    @Override
    void refuseOrAbort(Rejected reason) {
        if (writes().acceptTaken()) {
            int code =
                    switch (reason) {
                        case STOPPING, WORKER_ENDED -> CloseCode.SERVICE_RESTART.code();
                        default -> CloseCode.INTERNAL_ERROR.code();
                    };
            writes().add(new Write.Close(code, ""));
            if (end == null) {
                end = new Inbound.Closed(code, "");
            }
        } else {
            writes().refuseOrAbort(writes().startTaken(), reason);
        }
        said = WebSocketRules.State.CLOSED;
    }

    @Override
    void finish(boolean raised) {
        switch (said) {
            case OPEN -> {
                if (end == null) {
                    close(raised ? CloseCode.INTERNAL_ERROR.code() : CloseCode.NORMAL.code(), "");
                }
            }
            case CONNECTING, DENIED ->
                    writes().refuseOrAbort(writes().startTaken(), Rejected.APP_FAILED);
            case CLOSED -> {}
        }
        said = WebSocketRules.State.CLOSED;
    }

    /// Of its handshake (RFC 6455 4.1, RFC 8441 4).
    @Override
    public String method() {
        return scope.httpVersion().equals("2") ? "CONNECT" : "GET";
    }

    @Override
    public String path() {
        return Printable.line(scope.rawPath());
    }

    /// The path as it was sent.
    @Override
    String name() {
        return "WebSocket " + path();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
