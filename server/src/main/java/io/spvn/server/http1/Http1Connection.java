package io.spvn.server.http1;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.ClientClock;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.ConnectionTrace;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.SocketInput;
import io.spvn.server.http.HttpError;
import io.spvn.server.proxy.Forwarding;
import io.spvn.server.websocket.Handshake;
import io.spvn.server.websocket.HandshakeError;
import io.spvn.server.websocket.HandshakeRules;
import io.spvn.server.websocket.WebSockets;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// HTTP/1.x on one connection: the reader.
///
/// [#run] reads request after request. It hands each to a worker and goes straight back to reading,
/// so it notices a client that leaves while the app is busy. A request that comes before the one
/// before it is answered (pipelining) is read, but waits here. Responses are written by
/// [Http1Response], in a responder's thread.
///
/// Where it is noticed that a client leaves:
///
///     the reader reads a head            [HeadReader]
///     it reads a body                    [RequestBody]
///     its next request has to wait       the look-out, which reads on ([SocketInput#watch])
///     it waits for the app to make room  the registry, which asks the system ([Ending#away])
///     it waits for the last answer       the registry, likewise
final class Http1Connection implements Conversation {
    /// A client whose request has waited for so long behind another one is watched.
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Connection connection;
    private final Http1 http;
    private final Ending ending;
    private final ClientClock clock;
    private final SocketInput input;
    private final HeadReader heads;
    private final boolean trusted; // what its headers say of others
    private volatile @Nullable Http1Response response;
    private volatile @Nullable RequestBody body;
    private @Nullable Conversation next; // the reader's

    /// What [#body] was at the last look; the registry's.
    private @Nullable RequestBody seen;

    Http1Connection(Connection connection, Http1 http) {
        this.connection = connection;
        this.http = http;
        this.ending = connection.ending();
        this.clock = connection.clock();
        this.input = connection.input();
        this.trusted = http.forwarding.trusts(connection.peers(), connection.isClientKnown());
        this.heads = new HeadReader(this, connection, http.settings);
    }

    /// @return the WebSocket that the client has asked for, if it has
    @Override
    public @Nullable Conversation run() throws InterruptedException {
        if (!connection.isWithinLimit()) {
            refuse(new HttpError(Rejected.TOO_MANY_CONNECTIONS, "too many connections"), () -> "");
            return null;
        }
        while (!ending.isLast() && next == null) {
            RequestHead head = readHead();
            awaitTurn(head);
            if (head == null || ending.isLast()) {
                return null;
            }
            if (!clock.stop()) {
                ending.setLast(); // its time was up, and it is being told
                return null;
            }
            begin(http.identified(head));
        }
        if (next != null) {
            return next;
        }
        awaitAnswer();
        ending.finish();
        return null;
    }

    /// The next request's head, null when the client sends no more, or nothing that could be
    /// understood (which is answered here).
    private @Nullable RequestHead readHead() throws InterruptedException {
        try {
            return heads.read();
        } catch (HttpError error) {
            awaitAnswer();
            if (clock.stop()) {
                refuse(error, input::line);
            }
            return null;
        }
    }

    /// Waits for the answer to the request before. A client whose next request has to wait for long
    /// is watched meanwhile: it may leave.
    private void awaitTurn(@Nullable RequestHead next) throws InterruptedException {
        Http1Response current = response;
        if (next != null && current != null && !current.awaitAnswered(PATIENCE)) {
            input.watch(this::inputEnded, ending::breakOff);
        }
        ending.away(next == null);
        awaitAnswer();
    }

    private void awaitAnswer() throws InterruptedException {
        Http1Response current = response;
        if (current != null) {
            current.awaitAnswered();
        }
    }

    private void begin(RequestHead head) throws InterruptedException {
        if (isTooLarge(head)) {
            refuse(new HttpError(Rejected.BODY_TOO_LARGE, "the body is too large"), head);
        } else if (!heads.hold(head)) {
            refuse(HttpError.noRoom(), head);
        } else {
            serve(head);
        }
    }

    private boolean isTooLarge(RequestHead head) {
        return head.framing() instanceof Framing.Length(long bytes)
                && bytes > http.settings.maxBody();
    }

    private void serve(RequestHead head) throws InterruptedException {
        WebSockets webSockets = http.webSockets;
        if (webSockets == null) {
            http.upgrades.note(head, connection.peers());
        } else if (head.asksForWebSocket()) {
            open(webSockets, head);
            return;
        }
        heads.next();
        Forwarding.Request seen = seen(head);
        Scope.Http scope = head.scope(seen.peers(), seen.headers());
        Http1Response begun = new Http1Response(this, connection, http, head, scope);
        response = begun;
        ConnectionTrace.begun(begun.exchange());
        if (ending.isLast()) {
            begun.broken(); // breakOff() saw the response before it, which was complete
        } else if (head.framing() instanceof Framing.None) {
            submit(begun.exchange());
        } else {
            readBody(head, begun.exchange());
        }
    }

    /// A request as its client has made it, who may be behind a proxy.
    private Forwarding.Request seen(RequestHead head) {
        return trusted
                ? http.forwarding.of(head.headers(), connection.peers())
                : new Forwarding.Request(head.headers(), connection.peers());
    }

    private void open(WebSockets webSockets, RequestHead head) {
        try {
            Handshake handshake = Handshake.of(head.headers());
            Forwarding.Request seen = seen(head);
            next =
                    webSockets.open(
                            connection,
                            head.webSocketScope(
                                    seen.peers(), seen.headers(), handshake.subprotocols()),
                            new Http1HandshakeAnswer(head, http.lastResponse(head), handshake));
        } catch (HandshakeError error) {
            refuse(error.rule(), head);
        }
    }

    private void refuse(HandshakeRules rule, RequestHead head) {
        ending.setLast();
        http.listener.refused(rule.counted());
        RefusalLog.refused(rule.counted(), head::line, seen(head).peers(), rule.reason());
        ResponseEncoder response = http.lastResponse(head);
        http.buffers.use(
                connection.output(), out -> response.refuse(rule.error(), rule.fields(), out));
        ended(head, response);
        ending.finish();
    }

    /// A request has its answer, which no exchange has told of.
    private void ended(RequestHead head, ResponseEncoder response) {
        if (http.listener.wantsEnds()) {
            http.listener.ended(
                    Access.of(
                            seen(head).peers(),
                            head.asked(),
                            response.status(),
                            response.content(),
                            0,
                            Headers.EMPTY));
        }
    }

    private void submit(HttpExchange exchange) throws InterruptedException {
        if (!exchange.settled()) {
            http.dispatcher.submit(exchange);
        }
    }

    private void readBody(RequestHead head, HttpExchange exchange) throws InterruptedException {
        RequestBody incoming = new RequestBody(connection, http, head.framing(), exchange);
        body = incoming;
        if (!incoming.read()) {
            ending.setLast();
        }
        body = null;
    }

    /// The client has shut down its sending side, or all of it: only a write can tell.
    void inputEnded() {
        Http1Response current = response;
        if (current != null) {
            current.exchange().clientLeft();
        }
    }

    /// Answers a request that never became an exchange.
    ///
    /// @param line of the request, as far as it is known
    private void refuse(HttpError error, Supplier<String> line) {
        if (!ending.isLast()) {
            ending.setLast();
            answer(error, line);
            ending.finish();
        }
    }

    /// Answers a request that is refused for its head.
    private void refuse(HttpError error, RequestHead head) {
        if (!ending.isLast()) {
            ending.setLast();
            ended(head, say(error, head::line));
            ending.finish();
        }
    }

    private void answer(HttpError error, Supplier<String> line) {
        ResponseEncoder response = say(error, line);
        connection.answeredUnread(line, response.status(), response.content());
    }

    private ResponseEncoder say(HttpError error, Supplier<String> line) {
        http.listener.refused(error.reason());
        RefusalLog.refused(error.reason(), line, connection.peers(), error.getMessage());
        ResponseEncoder response = http.lastResponse(null);
        http.buffers.use(connection.output(), out -> response.refuse(error, out));
        return response;
    }

    // ---- responder

    /// Whether a response has been written, and no other is in hand.
    boolean isBetweenRequests() {
        Http1Response current = response;
        return current != null && current.written();
    }

    /// Whether no response is in hand.
    boolean isQuiet() {
        Http1Response current = response;
        return current == null || current.written();
    }

    /// A responder has written a response to its end.
    ///
    /// @param last whether no other may follow on this connection
    void responseWritten(boolean last) {
        if (last || ending.isLast()) {
            ending.finish();
        } else {
            clock.expectNext(heads.hasBegun());
        }
    }

    // ---- registry, and threads that it starts

    @Override
    public void tick(long now) {
        RequestBody current = body;
        seen = current;
        if (current != null) {
            current.tick(now);
        }
    }

    @Override
    public void late(Due due) {
        RequestBody awaited = seen;
        Thread.startVirtualThread(due == Due.HEAD ? this::headLate : () -> bodyLate(awaited));
    }

    /// The reader has no claim on this head any more, and no response is being written.
    private void headLate() {
        ending.setLast();
        try {
            answer(
                    new HttpError(Rejected.HEADER_TIMEOUT, "the request did not arrive in time"),
                    () -> "");
            ending.finish();
        } catch (UncheckedIOException broken) {
            ending.breakOff();
        }
    }

    private void bodyLate(@Nullable RequestBody awaited) {
        if (awaited == null || unanswered() == null) {
            ending.breakOff(Rejected.BODY_TIMEOUT);
        } else {
            awaited.timeOut();
        }
    }

    /// The response in hand, null when there is none.
    private @Nullable Http1Response unanswered() {
        Http1Response current = response;
        return current == null || current.answered() ? null : current;
    }

    @Override
    public boolean cut(Rejected reason) {
        Http1Response current = unanswered();
        if (current == null) {
            return false;
        }
        current.cut(reason);
        return true;
    }

    @Override
    public long unwritten() {
        Http1Response current = response;
        return current == null ? 0 : current.exchange().unwrittenInHeap();
    }

    // ---- any thread

    @Override
    public String inHand() {
        Http1Response current = unanswered();
        return current == null ? "" : current.exchange().toString();
    }

    @Override
    public void broken() {
        Http1Response current = response;
        if (current != null) {
            current.broken();
        }
    }

    @Override
    public void close() {
        heads.close();
    }
}
