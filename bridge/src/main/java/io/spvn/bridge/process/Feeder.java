package io.spvn.bridge.process;

import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.ClientGone;
import io.spvn.bridge.exchange.Combiner;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.exchange.Waker;
import io.spvn.bridge.exchange.WebSocketExchange;
import io.spvn.bridge.process.Message.Down;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells a child what there is for it: orders, news of what it has in hand, and requests, of which
/// it gets as many ahead as [Lead] says, so that those behind a slow one wait where another worker
/// can take them.
///
/// Whoever has something calls [#feed]. One of those who do so at the same time does the work of
/// all; nobody waits, neither for another nor for the child. There is no thread for it: the reader
/// of a connection writes its request to the child itself.
final class Feeder implements Waker {
    private static final int BATCH = 128 * 1024;

    private final RequestQueue requests;
    private final Admission admission;
    private final Tickets tickets;
    private final ResponseSink sink;
    private final SocketChannel channel;
    private final Outflow outflow;
    private final Room room;

    private final Queue<Consumer<MarshalWriter>> orders = new ConcurrentLinkedQueue<>();
    private final Queue<Ticket> news = new ConcurrentLinkedQueue<>();
    private final Combiner turns = new Combiner();
    private final Lead lead = new Lead(System::nanoTime);
    private volatile boolean open;
    private volatile boolean over;
    private volatile int begun;
    private volatile int sent;

    // Of who does the work.
    private final MarshalWriter out = new MarshalWriter();
    private final ScopeWriter scopes;
    private boolean awaitsRoom;
    private int messages;

    /// @param admission which requests go to the app
    /// @param sink for what is to be written before the app has said anything
    Feeder(
            RequestQueue requests,
            Admission admission,
            Tickets tickets,
            ResponseSink sink,
            SocketChannel channel,
            Room room,
            String rootPath) {
        this.requests = requests;
        this.admission = admission;
        this.tickets = tickets;
        this.sink = sink;
        this.channel = channel;
        this.outflow = new Outflow(channel);
        this.room = room;
        this.scopes = new ScopeWriter(rootPath);
    }

    // ---- who has something for the child; any thread

    /// A message of one word.
    void order(Down kind) {
        order(kind, 1, _ -> {});
    }

    /// A message about what has that number.
    void order(Down kind, int number) {
        order(kind, 2, message -> message.integer(number));
    }

    /// A message of so many items, of which `rest` writes those behind the first.
    void order(Down kind, int items, Consumer<MarshalWriter> rest) {
        order(
                message -> {
                    head(kind, items);
                    rest.accept(message);
                });
    }

    /// A message as it is written.
    void order(Consumer<MarshalWriter> message) {
        orders.add(message);
        feed();
    }

    @Override
    public void wake(Exchange exchange) {
        Ticket ticket = tickets.get(exchange.id());
        if (ticket != null) {
            tell(ticket);
        }
    }

    @Override
    public boolean wantsEnd() {
        return true;
    }

    /// There may be news for the child in this exchange.
    void tell(Ticket ticket) {
        news.add(ticket);
        feed();
    }

    /// Requests may go to the child from now on.
    void open() {
        open = true;
        feed();
    }

    /// No more requests go to it.
    void close() {
        open = false;
    }

    /// The child has gone: what it had in hand is ended. Nothing is told any more.
    void end() {
        open = false;
        over = true;
        feed();
    }

    /// Whether the child would get a request that comes now.
    boolean hasRoom() {
        return open && lead.allows(sent - begun);
    }

    /// The child has begun so many more. Reader of the child.
    ///
    /// @throws Garbled when it has not got so many
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it
    void begun(int more) throws Garbled {
        if (more < 0 || more > sent - begun) {
            throw new Garbled("it has begun " + more + " requests that it did not get");
        }
        begun += more;
        lead.begun(more);
    }

    void feed() {
        turns.run(this::roundOrEnd);
    }

    // ---- one thread at a time

    /// A child that cannot be told everything is told nothing: it ends, and its reader hears of it.
    private void roundOrEnd() {
        try {
            round();
        } catch (RuntimeException | Error failure) {
            System.getLogger(Feeder.class.getName())
                    .log(System.Logger.Level.ERROR, "a worker process cannot be told", failure);
            open = false;
            outflow.end();
        }
    }

    private void round() {
        if (over) {
            endAll();
            return;
        }
        boolean more = outflow.isClear();
        while (more && fill()) {
            more = outflow.write(out.array(), out.end(messages));
        }
        if (!more && !awaitsRoom) {
            awaitsRoom = true;
            room.await(channel, this::roomCame);
        }
    }

    private void roomCame() {
        awaitsRoom = false;
        feed();
    }

    /// Makes a batch of what there is.
    ///
    /// @return whether there is anything
    private boolean fill() {
        out.begin();
        scopes.begin();
        messages = 0;
        for (Consumer<MarshalWriter> each = orders.poll(); each != null; each = orders.poll()) {
            each.accept(out);
            messages++;
        }
        while (out.size() < BATCH) {
            Ticket ticket = news.poll();
            if (ticket == null) {
                break;
            }
            writeNews(ticket);
        }
        while (out.size() < BATCH && hasRoom() && !requests.isEmpty()) {
            Exchange request = admission.next();
            if (request == null) {
                break;
            }
            writeRequest(request);
        }
        return messages != 0;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes it at a time
    private void writeRequest(Exchange request) {
        Ticket ticket = tickets.add(request);
        request.taken(ticket.number, this);
        lead.sending(sent - begun);
        sent++;
        begin(Down.REQUEST, 5);
        out.integer(ticket.number);
        switch (request) {
            case HttpExchange http -> writeHttp(ticket, http);
            case WebSocketExchange socket -> writeWebSocket(ticket, socket);
        }
    }

    /// The child knows that the first event is that the client asks for it.
    private void writeWebSocket(Ticket ticket, WebSocketExchange socket) {
        scopes.write(out, socket.scope());
        Inbound _ = socket.receive();
        ticket.wantsEvent = false;
        out.none();
        out.truth(true);
    }

    private void writeHttp(Ticket ticket, HttpExchange request) {
        scopes.write(out, request.scope());
        Inbound first = request.receive();
        if (first instanceof Inbound.RequestBody body) {
            ticket.wantsEvent = false;
            out.bytes(body.parts());
            out.truth(body.more());
            return;
        }
        out.none();
        out.truth(true);
        if (first != null) {
            writeEvent(ticket, first);
        }
    }

    private void writeNews(Ticket ticket) {
        Exchange exchange = ticket.exchange;
        if (exchange.isUnheard()) {
            writeGone(ticket);
            if (exchange instanceof HttpExchange) {
                return;
            }
        }
        if (ticket.wantsEvent) {
            writeEvent(ticket, exchange.receive());
        }
        if (ticket.wantsRoom) {
            writeRoom(ticket);
        }
    }

    private void writeEvent(Ticket ticket, @Nullable Inbound event) {
        switch (event) {
            case null -> letContinue(ticket);
            case Inbound.RequestBody body -> {
                ticket.wantsEvent = false;
                begin(Down.BODY, 4);
                out.integer(ticket.number);
                out.bytes(body.parts());
                out.truth(body.more());
            }
            case Inbound.Disconnect() -> {
                ticket.wantsEvent = false;
                begin(Down.DISCONNECT, 2);
                out.integer(ticket.number);
            }
            case Inbound.Connect() -> throw new IllegalStateException("a child knows of it");
            case Inbound.Message first -> {
                ticket.wantsEvent = false;
                writeMessages(ticket, first);
            }
            case Inbound.Closed(int code, String reason) -> {
                ticket.wantsEvent = false;
                begin(Down.CLOSED, 4);
                out.integer(ticket.number);
                out.integer(code);
                out.text(reason);
            }
        }
    }

    /// All that have come: their number is bounded.
    private void writeMessages(Ticket ticket, Inbound.Message first) {
        WebSocketExchange socket = (WebSocketExchange) ticket.exchange;
        for (Inbound.Message next = first; next != null; next = socket.more()) {
            begin(Down.MESSAGE, 3);
            out.integer(ticket.number);
            if (next.text()) {
                out.utf8(next.data());
            } else {
                out.bytes(next.data(), 0, next.data().length);
            }
        }
    }

    private void letContinue(Ticket ticket) {
        if (ticket.appWaits && ticket.exchange.continueDue()) {
            sink.ready(ticket.exchange);
            sink.flush();
        }
    }

    private void writeRoom(Ticket ticket) {
        try {
            if (ticket.exchange.writable()) {
                ticket.wantsRoom = false;
                begin(Down.ROOM, 2);
                out.integer(ticket.number);
            }
        } catch (ClientGone gone) {
            writeGone(ticket);
        }
    }

    private void writeGone(Ticket ticket) {
        if (!ticket.toldGone) {
            ticket.toldGone = true;
            begin(Down.GONE, 2);
            out.integer(ticket.number);
        }
    }

    private void begin(Down kind, int items) {
        messages++;
        head(kind, items);
    }

    private void head(Down kind, int items) {
        out.tuple(items);
        out.integer(kind.number());
    }

    private void endAll() {
        for (Ticket ticket : tickets.removeAll()) {
            ticket.exchange.workerEnded();
            sink.ready(ticket.exchange);
        }
        sink.flush();
        orders.clear();
        news.clear();
    }
}
