package io.spvn.server.http1;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.ReadAhead;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Addresses;
import io.spvn.server.connection.ChannelSocket;
import io.spvn.server.connection.Registry;
import io.spvn.server.connection.TimedConnection;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.x connection: the reader.
///
/// [#handle] runs in a virtual thread of its own and reads request after request. It hands each to
/// a worker and goes straight back to reading, so it notices a client that leaves while the app is
/// busy. A request that comes before the one before it is answered (pipelining) is read, but waits
/// here. Responses are written by [Http1Response], in a responder's thread; the socket is shared:
/// one thread reads it, one writes it, and any may close it.
final class Http1Connection implements ServerConnection, TimedConnection {
    /// A client whose request has waited for so long behind another one is watched.
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final HelidonSocket socket;
    private final Dispatcher dispatcher;
    private final Registry registry;
    private final Http1Settings settings;
    private final ExchangeListener listener;
    private final BufferPool buffers;
    private final DateHeader date;
    private final ReadAhead readAhead;
    private final Peers peers;
    private final SocketInput input;
    private final SocketOutput output;
    private final HeadParser parser;
    private boolean headerClockRuns;
    private boolean lingers;
    private volatile boolean headBegun;
    private final ClientClock clock;
    private volatile boolean closing;
    private boolean aborted; // registry's thread
    private volatile @Nullable Http1Response response;
    private volatile @Nullable RequestBody body;

    Http1Connection(
            ConnectionContext context,
            Dispatcher dispatcher,
            Registry registry,
            Http1Settings settings,
            ExchangeListener listener,
            BufferPool buffers,
            DateHeader date,
            ReadAhead readAhead) {
        DataReader before = context.dataReader();
        this.socket = ChannelSocket.of(context);
        this.dispatcher = dispatcher;
        this.registry = registry;
        this.settings = settings;
        this.listener = listener;
        this.clock = new ClientClock(registry, settings.timeouts());
        this.buffers = buffers;
        this.date = date;
        this.readAhead = readAhead;
        this.peers = Addresses.of(context);
        this.input = new SocketInput(socket, before, registry);
        this.output = new SocketOutput(socket, registry, settings.timeouts().write());
        this.parser = new HeadParser(settings.maxLine(), settings.maxHead(), settings.maxFields());
    }

    @Override
    public void handle(Limit ignored) throws InterruptedException {
        boolean admitted = registry.add(this);
        try {
            if (admitted) {
                clock.expectFirstByte();
                readRequests();
            } else {
                refuse(new HttpError(Rejected.TOO_MANY_CONNECTIONS, "too many connections"));
            }
        } catch (UncheckedIOException lost) {
            breakOff();
        } catch (InterruptedException | RuntimeException | Error failure) {
            breakOff();
            throw failure;
        } finally {
            registry.remove(this, admitted);
        }
    }

    private void readRequests() throws InterruptedException {
        while (!closing) {
            RequestHead head = readHead();
            awaitTurn(head);
            if (head == null || closing || !clock.stop()) {
                return;
            }
            if (RequestBody.isTooLarge(head, settings.maxBody())) {
                refuse(new HttpError(Rejected.BODY_TOO_LARGE, "the body is too large"));
            } else {
                begin(head);
            }
        }
        awaitAnswer();
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
                end = parse();
            }
            input.consumedTo(end);
            return parser.head();
        } catch (HttpError error) {
            awaitAnswer();
            if (clock.stop()) {
                refuse(error);
            }
            return null;
        }
    }

    /// Between two requests. The responder starts this clock as well, at the end of a response; the
    /// reader may have been busy with the rest of a body then.
    private void startIdleClock() {
        if (response != null && input.isEmpty() && written()) {
            clock.expectRequest();
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
            clock.expectHead();
        }
    }

    private void begin(RequestHead head) throws InterruptedException {
        headerClockRuns = false;
        headBegun = false;
        Http1Response next = new Http1Response(this, head, buffers, date, readAhead);
        response = next;
        if (closing) {
            next.lost(); // close() saw the response before it, which was complete
            return;
        }
        RequestBody incoming = new RequestBody(this, head, next, dispatcher, settings.maxBody());
        body = incoming;
        if (!incoming.read(input)) {
            closing = true;
        }
        body = null;
    }

    private boolean written() {
        Http1Response current = response;
        return current == null || current.written();
    }

    private boolean answered() {
        Http1Response current = response;
        return current == null || current.answered();
    }

    /// Waits for the answer to the request before. A client whose next request has to wait for long
    /// is watched meanwhile: it may leave.
    private void awaitTurn(@Nullable RequestHead next) throws InterruptedException {
        Http1Response current = response;
        if (next != null && current != null && !current.awaitAnswered(PATIENCE)) {
            input.watch(this::inputEnded, this::breakOff);
        }
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
            current.exchange().disconnected();
        }
    }

    /// Answers a request that never became an exchange. The client may still be sending, so what
    /// comes is read and dropped for a while: a close with unread input would reset the connection
    /// and take the answer with it (RFC 9112 section 9.6).
    private void refuse(HttpError error) {
        if (closing) {
            return;
        }
        closing = true;
        answer(error);
        linger();
    }

    private void answer(HttpError error) {
        refused(error.reason());
        buffers.use(this::write, out -> ResponseEncoder.error(error, date, out));
    }

    /// Reads and drops until the client ends its side, a limit is reached or time is up.
    void linger() {
        clock.expectEnd();
        input.consumedTo(input.to());
        for (int dropped = 0; dropped < Lingering.BYTES && input.fill(); ) {
            dropped += input.to();
            input.consumedTo(input.to());
        }
    }

    /// A responder has written a response to its end.
    ///
    /// @param last whether no other may follow on this connection
    void responseWritten(boolean last) {
        if (last || closing) {
            closing = true;
            RequestBody incoming = body;
            if (incoming == null || incoming.ended()) {
                close();
            } else {
                clock.expectEnd();
            }
        } else {
            clock.expectNext(headBegun);
        }
    }

    /// Whether the response in hand must be the last.
    boolean ending() {
        return closing || registry.stopping();
    }

    void refused(Rejected reason) {
        listener.refused(reason);
    }

    void responded(Exchange exchange, int status) {
        long nanos = System.nanoTime() - exchange.createdAt();
        listener.responded(exchange.scope().method(), status, nanos);
    }

    Peers peers() {
        return peers;
    }

    /// The client gets time for the next piece of a body.
    void expectBody() {
        if (!closing) {
            clock.expectBody();
        } else if (!lingers) {
            lingers = true; // and no piece that comes gives it more time
            clock.expectEnd();
        }
    }

    /// The client has sent a piece of a body.
    ///
    /// @return false when its time was up before
    boolean expectNothing() {
        return closing || clock.stop();
    }

    /// Writes to the client; blocks while it does not read.
    void write(byte[] bytes, int length) {
        output.write(bytes, length);
    }

    /// Connection lost: the app learns of it and the reader ends.
    void breakOff() {
        closing = true;
        Http1Response current = response;
        if (current != null) {
            current.lost();
        }
        close();
    }

    private void close() {
        try {
            socket.close();
        } catch (UncheckedIOException alreadyClosed) {
            System.getLogger(Http1Connection.class.getName())
                    .log(System.Logger.Level.TRACE, "close", alreadyClosed);
        }
    }

    @Override
    public void tick(long now) {
        RequestBody incoming = body;
        if (incoming != null) {
            incoming.tick(now);
        }
        if (registry.stopping() && clock.windDown(now)) {
            breakOff();
        }
        switch (clock.takeLate(now)) {
            case NOTHING -> {}
            case FIRST_BYTE, REQUEST -> cut(Rejected.IDLE_TIMEOUT);
            case HEAD -> Thread.startVirtualThread(this::headLate);
            case BODY -> Thread.startVirtualThread(() -> bodyLate(incoming));
            case END -> breakOff();
        }
        if (output.takeLate(now)) {
            cut(Rejected.WRITE_TIMEOUT);
        }
    }

    private void cut(Rejected reason) {
        refused(reason);
        breakOff();
    }

    /// The reader has lost its claim on this head, and no response is being written.
    private void headLate() {
        closing = true;
        try {
            answer(new HttpError(Rejected.HEADER_TIMEOUT, "the request did not arrive in time"));
        } catch (UncheckedIOException gone) {
            breakOff();
            return;
        }
        close();
    }

    private void bodyLate(@Nullable RequestBody incoming) {
        if (incoming == null || answered()) {
            cut(Rejected.BODY_TIMEOUT);
        } else {
            incoming.timeOut();
        }
    }

    /// The time to stop is up: a client that has got nothing yet is told so.
    @Override
    public void abort() {
        if (!aborted) {
            aborted = true;
            Thread.startVirtualThread(this::endNow);
        }
    }

    private void endNow() {
        Http1Response current = response;
        if (current != null && !current.answered()) {
            current.cut(Rejected.STOPPING);
        }
        breakOff();
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
