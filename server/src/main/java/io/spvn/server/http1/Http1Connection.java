package io.spvn.server.http1;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Dispatcher;
import io.spvn.bridge.exchange.ReadAhead;
import io.spvn.server.connection.Addresses;
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
    private static final int SLICE = 8 * 1024;
    private static final int TURN = 64 * 1024;

    private final HelidonSocket socket;
    private final Dispatcher dispatcher;
    private final Registry registry;
    private final Http1Settings settings;
    private final BufferPool buffers;
    private final DateHeader date;
    private final ReadAhead readAhead;
    private final Peers peers;
    private final SocketInput input;
    private final HeadParser parser;
    private boolean headerClockRuns;

    /// Until when the client may stay silent, 0 for as long as it likes. Written by the reader, and
    /// by the responder when it has finished a response.
    private volatile long readDeadline;

    /// Until when the client must have taken what is being written, 0 when nothing is.
    private volatile long writeDeadline;

    private int writtenInTurn; // of whoever writes
    private volatile boolean closing;
    private volatile @Nullable Http1Response response;
    private volatile @Nullable RequestBody body;

    Http1Connection(
            ConnectionContext context,
            Dispatcher dispatcher,
            Registry registry,
            Http1Settings settings,
            BufferPool buffers,
            DateHeader date,
            ReadAhead readAhead) {
        this.socket = context.serverSocket();
        this.dispatcher = dispatcher;
        this.registry = registry;
        this.settings = settings;
        this.buffers = buffers;
        this.date = date;
        this.readAhead = readAhead;
        this.peers = Addresses.of(context);
        this.input = new SocketInput(socket, context.dataReader());
        this.parser = new HeadParser(settings.maxLine(), settings.maxHead(), settings.maxFields());
    }

    @Override
    public void handle(Limit ignored) throws InterruptedException {
        registry.awaitOpen();
        registry.add(this);
        if (registry.stopping() || registry.isOverLimit()) {
            closing = true;
        }
        try {
            readDeadline = after(settings.timeouts().header());
            readRequests();
        } catch (UncheckedIOException lost) {
            breakOff();
        } catch (InterruptedException | RuntimeException | Error failure) {
            breakOff();
            throw failure;
        } finally {
            registry.remove(this);
        }
    }

    private void readRequests() throws InterruptedException {
        while (!closing) {
            RequestHead head = readHead();
            awaitAnswer();
            if (head == null || closing) {
                return;
            }
            begin(head);
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
            refuse(error);
            return null;
        }
    }

    /// Between two requests. The responder starts this clock as well, at the end of a response; the
    /// reader may have been busy with the rest of a body then.
    private void startIdleClock() {
        if (response != null && input.isEmpty() && answered()) {
            readDeadline = after(settings.timeouts().keepAlive());
        }
    }

    private int parse() {
        if (input.isEmpty()) {
            return -1;
        }
        int end = parser.parse(input.buffer(), input.from(), input.to());
        if (end < 0 && answered()) {
            startHeaderClock();
        }
        return end;
    }

    /// The time for a head runs from its first byte and is not extended by the next ones.
    private void startHeaderClock() {
        long limit = after(settings.timeouts().header());
        if (!headerClockRuns) {
            headerClockRuns = true;
            readDeadline = limit;
        }
    }

    private void begin(RequestHead head) throws InterruptedException {
        headerClockRuns = false;
        readDeadline = 0;
        Http1Response next = new Http1Response(this, head, buffers, date, readAhead);
        response = next;
        if (closing) {
            next.lost(); // close() saw the response before it, which was complete
            return;
        }
        RequestBody incoming = new RequestBody(this, head, next, dispatcher);
        body = incoming;
        if (!incoming.read(input)) {
            closing = true;
        }
        body = null;
    }

    private boolean answered() {
        Http1Response current = response;
        return current == null || current.answered();
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
        WireBuffer out = buffers.take(this::write);
        try {
            ResponseEncoder.error(error, date, out);
            out.flush();
        } finally {
            buffers.giveBack(out);
        }
        linger();
    }

    /// Reads and drops until the client ends its side, a limit is reached or time is up.
    void linger() {
        readDeadline = after(Lingering.TIME);
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
                readDeadline = after(Lingering.TIME);
            }
        } else {
            readDeadline = after(settings.timeouts().keepAlive());
        }
    }

    /// Whether the response in hand must be the last.
    boolean closing() {
        return closing;
    }

    Peers peers() {
        return peers;
    }

    /// The client gets time for the next piece of a body.
    void expectBody() {
        readDeadline = closing ? after(Lingering.TIME) : after(settings.timeouts().body());
    }

    void expectNothing() {
        readDeadline = 0;
    }

    /// Writes to the client; blocks while it does not read.
    void write(byte[] bytes, int length) {
        try {
            for (int at = 0; at < length; at += SLICE) {
                writeDeadline = after(settings.timeouts().write());
                socket.write(BufferData.create(bytes, at, Math.min(SLICE, length - at)));
            }
            takeTurns(length);
        } finally {
            writeDeadline = 0;
        }
    }

    /// A client that reads quickly must not keep a carrier thread to itself: virtual threads are
    /// not preempted.
    @SuppressWarnings("ThreadPriorityCheck") // fairness needs it, correctness does not
    private void takeTurns(int written) {
        writtenInTurn += written;
        if (writtenInTurn >= TURN) {
            writtenInTurn = 0;
            Thread.yield();
        }
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

    private long after(Duration time) {
        return registry.now() + time.toNanos();
    }

    @Override
    public void tick(long now) {
        RequestBody incoming = body;
        if (incoming != null) {
            incoming.tick(now);
        }
        if (late(readDeadline, now) || late(writeDeadline, now)) {
            breakOff();
        }
    }

    private static boolean late(long deadline, long now) {
        return deadline != 0 && now - deadline > 0;
    }

    @Override
    public void abort() {
        breakOff();
    }

    /// Called by the listener when it stops: an idle connection ends at once, a busy one with its
    /// response.
    @Override
    public void close(boolean interrupt) {
        closing = true;
        if (interrupt) {
            breakOff();
        } else if (answered()) {
            close();
        }
    }

    /// The registry's deadlines take the place of the listener's idle check.
    @Override
    public Duration idleTime() {
        return Duration.ZERO;
    }
}
