package io.spvn.server.http1;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Addresses;
import io.spvn.server.connection.BufferPool;
import io.spvn.server.connection.ClientClock;
import io.spvn.server.connection.ConnectionTrace;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.PlainSocket;
import io.spvn.server.connection.Registry;
import io.spvn.server.connection.SocketInput;
import io.spvn.server.connection.SocketOutput;
import io.spvn.server.http.BodyIntake;
import io.spvn.server.http.DateHeader;
import io.spvn.server.http.HttpError;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.x connection: the reader.
///
/// [#handle] runs in a virtual thread of its own and reads request after request. It hands each to
/// a worker and goes straight back to reading, so it notices a client that leaves while the app is
/// busy. A request that comes before the one before it is answered (pipelining) is read, but waits
/// here. Responses are written by [Http1Response], in a responder's thread; the socket is shared:
/// one thread reads it, one writes it, and any may close it. How it ends is the affair of [Ending].
final class Http1Connection implements ServerConnection {
    /// A client whose request has waited for so long behind another one is watched.
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Dispatcher dispatcher;
    private final Registry registry;
    private final Http1Settings settings;
    private final ExchangeListener listener;
    private final Upgrades upgrades;
    private final BufferPool buffers;
    private final DateHeader date;
    private final Peers peers;
    private final SocketInput input;
    private final SocketOutput output;
    private final HeadParser parser;
    private boolean headerClockRuns;
    private long headWeight;
    private volatile boolean headBegun;
    private final ClientClock clock;
    private final Ending ending;
    private final Lateness lateness;
    private volatile boolean away;
    private volatile @Nullable Http1Response response;
    private volatile @Nullable BodyIntake body;

    Http1Connection(
            ConnectionContext context,
            Dispatcher dispatcher,
            Registry registry,
            Http1Settings settings,
            ExchangeListener listener,
            Upgrades upgrades,
            BufferPool buffers,
            DateHeader date) {
        DataReader before = context.dataReader();
        PlainSocket socket = PlainSocket.of(context, registry.ledger());
        this.dispatcher = dispatcher;
        this.registry = registry;
        this.settings = settings;
        this.listener = listener;
        this.upgrades = upgrades;
        this.clock = new ClientClock(registry, settings.timeouts());
        this.ending = new Ending(socket, registry, clock);
        this.buffers = buffers;
        this.date = date;
        this.peers = Addresses.of(context);
        this.input = new SocketInput(socket, before, registry);
        this.output = new SocketOutput(socket, registry, settings.timeouts().write());
        this.lateness = new Lateness(this, socket, registry, clock, ending, output);
        this.parser = new HeadParser(settings.maxLine(), settings.maxHead(), settings.maxFields());
    }

    @Override
    public void handle(Limit ignored) throws InterruptedException {
        ConnectionTrace.opened(peers);
        boolean admitted = registry.add(lateness);
        try {
            if (admitted) {
                clock.expectFirstByte();
                readRequests();
            } else {
                refuse(
                        new HttpError(Rejected.TOO_MANY_CONNECTIONS, "too many connections"),
                        () -> "");
            }
            ending.linger(input);
        } catch (UncheckedIOException lost) {
            breakOff();
        } catch (InterruptedException | RuntimeException | Error failure) {
            breakOff();
            throw failure;
        } finally {
            ending.close();
            output.end();
            input.close();
            holdHead(0);
            registry.remove(lateness, admitted);
            ConnectionTrace.closed(peers);
        }
    }

    /// Enters a head in the ledger in place of the one before.
    private boolean holdHead(int size) {
        registry.ledger().giveBack(headWeight);
        headWeight = Ledger.weight(size);
        boolean held = registry.ledger().take(headWeight);
        headWeight = held ? headWeight : 0;
        return held;
    }

    private void readRequests() throws InterruptedException {
        while (!ending.isLast()) {
            RequestHead head = readHead();
            awaitTurn(head);
            if (head == null || ending.isLast()) {
                return;
            }
            if (!clock.stop()) {
                ending.setLast(); // its time was up, and it is being told
                return;
            }
            if (BodyIntake.isTooLarge(head, settings.maxBody())) {
                refuse(new HttpError(Rejected.BODY_TOO_LARGE, "the body is too large"), head::line);
            } else if (!holdHead(head.headers().block().length)) {
                refuse(HttpError.noRoom(), head::line);
            } else {
                begin(head);
            }
        }
        awaitAnswer();
        ending.finish();
    }

    /// The next request's head, null when the client sends no more, or nothing that could be
    /// understood (which is answered here).
    private @Nullable RequestHead readHead() throws InterruptedException {
        try {
            int end = parse();
            while (end < 0) {
                startIdleClock();
                if (!input.fill()) {
                    inputEnded();
                    return null;
                }
                if (ending.isLast()) {
                    return null;
                }
                end = parse();
            }
            input.consumedTo(end);
            return parser.head();
        } catch (HttpError error) {
            awaitAnswer();
            if (clock.stop()) {
                refuse(error, input::line);
            }
            return null;
        }
    }

    /// Between two requests. The responder starts this clock as well, at the end of a response; the
    /// reader may have been busy with the rest of a body then.
    private void startIdleClock() {
        if (response != null && input.isEmpty() && written()) {
            ending.expect(clock::expectRequest);
        }
    }

    private int parse() {
        if (input.isEmpty()) {
            return -1;
        }
        int end = parser.parse(input.buffer(), input.from(), input.to());
        if (end < 0) {
            headBegun = true;
            startHeaderClock();
        }
        return end;
    }

    /// The time for a head runs from its first byte and is not extended by the next ones.
    private void startHeaderClock() {
        if (!headerClockRuns && written()) {
            headerClockRuns = true;
            ending.expect(clock::expectHead);
        }
    }

    private void begin(RequestHead head) throws InterruptedException {
        upgrades.note(head, peers);
        headerClockRuns = false;
        headBegun = false;
        Http1Response next = new Http1Response(this, head, buffers, date, registry.ledger());
        response = next;
        ConnectionTrace.begun(next.exchange());
        if (ending.isLast()) {
            next.lost(); // close() saw the response before it, which was complete
            return;
        }
        BodyIntake incoming = new BodyIntake(this, head, next, dispatcher, settings.maxBody());
        body = incoming;
        if (!incoming.read(input)) {
            ending.setLast();
        }
        body = null;
    }

    private boolean written() {
        Http1Response current = response;
        return current == null || current.written();
    }

    boolean answered() {
        Http1Response current = response;
        return current == null || current.answered();
    }

    /// Says whether the reader waits for something other than the client, and would not notice that
    /// it has gone.
    void away(boolean waits) {
        away = waits;
    }

    /// Whether the reader is away.
    boolean isAway() {
        return away;
    }

    /// Waits for the answer to the request before. A client whose next request has to wait for long
    /// is watched meanwhile: it may leave.
    private void awaitTurn(@Nullable RequestHead next) throws InterruptedException {
        Http1Response current = response;
        if (next != null && current != null && !current.awaitAnswered(PATIENCE)) {
            input.watch(this::inputEnded, this::breakOff);
        }
        away = next == null;
        awaitAnswer();
    }

    private void awaitAnswer() throws InterruptedException {
        Http1Response current = response;
        if (current != null) {
            current.awaitAnswered();
        }
    }

    /// The client has shut down its sending side, or all of it: only a write can tell.
    private void inputEnded() {
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

    void answer(HttpError error, Supplier<String> line) {
        listener.refused(error.reason());
        RefusalLog.refused(error.reason(), line, peers, error.getMessage());
        buffers.use(this::write, out -> ResponseEncoder.error(error, date, out));
    }

    /// A responder has written a response to its end.
    ///
    /// @param last whether no other may follow on this connection
    void responseWritten(boolean last) {
        if (last || ending.isLast()) {
            ending.finish();
        } else {
            clock.expectNext(headBegun);
        }
    }

    /// Whether the response in hand must be the last.
    boolean ending() {
        return ending.isLast() || registry.stopping();
    }

    void refused(Rejected reason) {
        listener.refused(reason);
        RefusalLog.refused(reason, this::inHand, peers, "");
    }

    private String inHand() {
        Http1Response current = response;
        return current == null || current.answered() ? "" : current.exchange().toString();
    }

    void responded(HttpExchange exchange, int status) {
        long nanos = System.nanoTime() - exchange.createdAt();
        listener.responded(exchange.scope().method(), status, nanos);
        ConnectionTrace.answered(exchange, status, nanos);
    }

    Peers peers() {
        return peers;
    }

    /// The client gets time for the next piece of a body.
    void expectBody() {
        ending.expect(clock::expectBody);
    }

    /// The client waits for leave to send its body.
    void awaitLeave(HttpExchange exchange) {
        ending.expect(clock::awaitLeave);
        if (!exchange.continueOutstanding()) {
            expectBody(); // leave was given a moment ago
        }
    }

    /// The client has got that leave.
    void leaveGiven() {
        clock.leaveGiven();
    }

    /// The client has sent a piece of a body.
    ///
    /// @return false when its time was up before, or the connection is over
    boolean expectNothing() {
        return !ending.isLast() && clock.stop();
    }

    /// Writes to the client; blocks while it does not read.
    void write(byte[] bytes, int length) {
        output.write(bytes, length);
    }

    /// The body that is being read, null when none is.
    @Nullable BodyIntake body() {
        return body;
    }

    /// Bytes of the heap that wait to be written.
    long unwritten() {
        Http1Response current = response;
        return current == null ? 0 : current.exchange().unwrittenInHeap();
    }

    /// Answers a request in the app's stead, or breaks the response off where it has begun.
    ///
    /// @return false when there is none in hand
    boolean cutUnanswered(Rejected reason) {
        Http1Response current = response;
        if (current == null || current.answered()) {
            return false;
        }
        current.cut(reason);
        return true;
    }

    /// Connection lost: the app learns of it and the reader ends.
    void breakOff() {
        ending.setLast();
        Http1Response current = response;
        if (current != null) {
            current.lost();
        }
        ending.close();
    }

    /// Called by the listener when it stops. That an orderly stop has begun is known from the
    /// registry, which winds the connections down.
    @Override
    public void close(boolean interrupt) {
        if (interrupt) {
            breakOff();
        }
    }

    /// The registry's deadlines take the place of the listener's idle check.
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }
}
