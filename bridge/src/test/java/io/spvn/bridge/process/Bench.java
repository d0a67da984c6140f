package io.spvn.bridge.process;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.KeptSink;
import io.spvn.bridge.exchange.RequestQueue;
import io.spvn.bridge.exchange.Write;
import io.spvn.bridge.worker.Requests;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A feeder with all that it needs, and the child's end of its connection.
final class Bench implements AutoCloseable {
    final RequestQueue requests = new RequestQueue(10_000);
    final Tickets tickets = new Tickets();
    final KeptSink sink = new KeptSink();
    final Room room = new Room();
    final SocketPair pair = SocketPair.open();
    final Feeder feeder;
    final Bodies bodies;
    final Answers answers;
    private final Inflow heard = new Inflow(pair.child());
    private final Deque<List<?>> messages = new ArrayDeque<>();

    Bench() throws IOException {
        pair.server().configureBlocking(false);
        Admission admission =
                new Admission(requests, ExchangeListener.NONE, Duration.ofMinutes(1), sink::ready);
        feeder = new Feeder(requests, admission, tickets, sink, pair.server(), room, "");
        bodies = new Bodies(feeder);
        answers = new Answers(tickets, feeder, bodies, sink);
    }

    /// Puts a request where workers take it.
    HttpExchange put(HttpExchange request) throws InterruptedException {
        Requests.put(requests, request);
        return request;
    }

    /// A request that the child has got.
    HttpExchange taken(HttpExchange request) throws Exception {
        put(request);
        feeder.open();
        feeder.feed();
        hear();
        feeder.begun(1);
        return request;
    }

    Ticket ticket(Exchange exchange) {
        return requireNonNull(tickets.get(exchange.id()), "not in hand");
    }

    /// The next message to the child; waits for it.
    List<?> hear() throws Exception {
        while (messages.isEmpty()) {
            messages.addAll(Told.messages(batch()));
        }
        return messages.remove();
    }

    /// The next batch to the child.
    byte[] batch() throws Exception {
        return requireNonNull(heard.next(), "the connection has ended").bytes();
    }

    /// Whether the child is told nothing.
    boolean isQuiet() throws Exception {
        feeder.order(out -> out.list(0)); // what is told before it would come before it
        List<?> next = hear();
        return next.isEmpty();
    }

    /// The child says something about its requests.
    void says(Said said) throws Garbled {
        MarshalReader in = new MarshalReader();
        byte[] data = said.data(0);
        in.begin(data, data.length);
        in.pair();
        feeder.begun(in.integer());
        for (int left = in.list(); left > 0; left--) {
            int items = in.message();
            answers.read(Message.Up.of(in.integer()), items, in);
        }
        in.end();
    }

    /// What is to be written of a response, in words.
    static String writes(HttpExchange exchange) {
        List<String> words = new ArrayList<>();
        for (Write next = exchange.nextWrite(); next != null; next = exchange.nextWrite()) {
            words.add(words(next));
            if (next instanceof Write.Body(Outbound.ResponseBody body)) {
                exchange.written(body.data());
            }
        }
        return String.join(" ", words);
    }

    private static String words(Write write) {
        return switch (write) {
            case Write.Continue() -> "continue";
            case Write.Start(Outbound.ResponseStart start, long length) ->
                    start.status() + "(" + fields(start.headers()) + ")" + length;
            case Write.Body(Outbound.ResponseBody body) -> {
                byte[] copy = new byte[(int) body.data().length()];
                body.data().copyTo(0, copy, 0, copy.length);
                yield new String(copy, ISO_8859_1) + (body.more() ? "..." : ".");
            }
            case Write.EarlyHints(var links) -> "hint " + fields(links);
            case Write.Trailers(var trailers) -> "trailers " + fields(trailers);
            case Write.Refusal(var reason, var _) -> "refused " + reason;
            case Write.Abort(var reason) -> "aborted " + reason;
            case Write.Accept(var accept) -> "accepted " + accept.subprotocol();
            case Write.Message(var message) -> "message " + message.text();
            case Write.Close(var code, var reason) -> "closed " + code + reason;
        };
    }

    private static String fields(Headers headers) {
        return new String(headers.block(), ISO_8859_1).replace('\0', ';');
    }

    @Override
    public void close() throws IOException {
        room.close();
        pair.close();
    }
}
