package io.spvn.bridge.process;

import io.spvn.bridge.asgi.AsgiViolation;
import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.HeaderSyntax;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.ClientGone;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.exchange.WebSocketExchange;
import io.spvn.bridge.process.Message.Up;
import io.spvn.bridge.worker.AppLog;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Does with exchanges what a child says of them. The reader of that child, and no other thread.
///
/// A child has kept the rules of ASGI when it sends something. One that has not is not believed:
/// that exchange is ended.
final class Answers {
    private final Tickets tickets;
    private final Feeder feeder;
    private final Bodies bodies;
    private final ResponseSink sink;

    /// @param sink takes what is to be written
    Answers(Tickets tickets, Feeder feeder, Bodies bodies, ResponseSink sink) {
        this.bodies = bodies;
        this.tickets = tickets;
        this.feeder = feeder;
        this.sink = sink;
    }

    /// A message about an exchange; its kind has been read.
    ///
    /// @param items that follow
    void read(Up kind, int items, MarshalReader in) throws Garbled {
        require(items == items(kind));
        int number = in.integer();
        Ticket ticket = tickets.get(number);
        switch (kind) {
            case RESPONSE, ANSWERED -> {
                response(ticket, in.integer(), in.bytes(), in.bytes());
                if (kind == Up.ANSWERED) {
                    ended(number, "");
                }
            }
            case START -> say(ticket, start(in.integer(), in.bytes(), false));
            case TRAILED -> say(ticket, start(in.integer(), in.bytes(), true));
            case TRAILERS -> say(ticket, trailers(in.bytes(), in.truth()));
            case HINT -> say(ticket, hint(in.bytes()));
            case FILE -> file(ticket, in.text(), (long) in.real());
            case PART -> {
                Payload data = Payload.of(in.bytes());
                say(ticket, new Outbound.ResponseBody(data, in.truth()));
            }
            case LARGE -> {
                Payload data = bodies.offered(in.integer(), (long) in.real());
                say(ticket, large(ticket, data, in.truth()));
            }
            case ACCEPT -> say(ticket, accept(in.skipNone() ? null : in.text(), in.bytes()));
            case SEND -> say(ticket, message(in));
            case CLOSE -> say(ticket, close(in.integer(), in.text()));
            case ENDED -> ended(number, in.textOrNone());
            case WANT, FULL -> wants(ticket, kind == Up.WANT);
            default -> throw new Garbled(kind + " is not about a request");
        }
    }

    /// @param event whether it is an event that the app waits for, and not room
    private void wants(@Nullable Ticket ticket, boolean event) {
        if (ticket == null) {
            return;
        }
        if (event) {
            ticket.appWaits = true;
            ticket.wantsEvent = true;
        } else {
            ticket.wantsRoom = true;
        }
        feeder.tell(ticket);
    }

    /// How many items a message about an exchange has.
    private static int items(Up kind) {
        return switch (kind) {
            case RESPONSE, ANSWERED, LARGE -> 5;
            case START, TRAILED, PART, FILE, TRAILERS, ACCEPT, CLOSE -> 4;
            case ENDED, SEND, HINT -> 3;
            default -> 2;
        };
    }

    private void response(@Nullable Ticket ticket, int status, byte[] fields, byte[] body)
            throws Garbled {
        if (ticket == null) {
            return;
        }
        if (send(ticket, start(status, fields, false))) {
            say(ticket, new Outbound.ResponseBody(Payload.of(body), false));
        }
    }

    private void say(@Nullable Ticket ticket, Outbound event) {
        if (ticket == null) {
            event.release();
        } else if (send(ticket, event) && !(event instanceof Outbound.ResponseStart)) {
            sink.ready(ticket.exchange);
        }
    }

    /// The child has looked at the file, so that it is there but for a moment in between.
    private void file(@Nullable Ticket ticket, String path, long size) throws Garbled {
        if (ticket == null) {
            return;
        }
        try {
            say(ticket, new Outbound.WholeFile(FileRange.of(Path.of(path), size)));
        } catch (IOException | InvalidPathException gone) {
            fail(ticket, "a worker process has named a file that cannot be read: " + gone);
        } catch (IllegalArgumentException violation) {
            throw new Garbled(String.valueOf(violation.getMessage()));
        }
    }

    /// Gives an event to its exchange; one that is not taken is released.
    ///
    /// @return whether it was taken
    private boolean send(Ticket ticket, Outbound event) {
        try {
            ticket.exchange.send(inWordsOf(ticket.exchange, event));
            return true;
        } catch (ClientGone gone) {
            feeder.tell(ticket);
        } catch (AsgiViolation violation) {
            fail(ticket, "a worker process broke the rules: " + violation.getMessage());
        }
        event.release();
        return false;
    }

    private void fail(Ticket ticket, String reason) {
        System.getLogger(Answers.class.getName())
                .log(System.Logger.Level.ERROR, reason + ", " + ticket.exchange);
        boolean _ = ticket.exchange.appEnded(true);
        sink.ready(ticket.exchange);
    }

    /// A response in place of a WebSocket is said like any other.
    private static Outbound inWordsOf(Exchange exchange, Outbound event) {
        return switch (exchange) {
            case HttpExchange _ -> event;
            case WebSocketExchange _ ->
                    switch (event) {
                        case Outbound.ResponseStart(int status, Headers headers, boolean _) ->
                                new Outbound.DenialStart(
                                        new Outbound.ResponseStart(status, headers));
                        case Outbound.ResponseBody body -> new Outbound.DenialBody(body);
                        default -> event;
                    };
        };
    }

    /// What a child has offered as a piece of a response, or as a message once there is a
    /// WebSocket.
    ///
    /// @param flag whether more follows, or whether it is a text
    private static Outbound large(@Nullable Ticket ticket, Payload data, boolean flag) {
        return ticket != null
                        && ticket.exchange instanceof WebSocketExchange socket
                        && socket.isAccepted()
                ? new Outbound.Message(data, flag)
                : new Outbound.ResponseBody(data, flag);
    }

    private void ended(int number, String traceback) {
        Ticket ticket = tickets.remove(number);
        if (ticket == null) {
            return;
        }
        Exchange exchange = ticket.exchange;
        if (exchange.appEnded(!traceback.isEmpty())) {
            if (traceback.isEmpty() && !exchange.excused()) {
                AppLog.incomplete(exchange);
            }
            sink.ready(exchange);
        }
        if (!traceback.isEmpty()) {
            AppLog.raised(exchange, traceback);
        }
    }

    private static Outbound message(MarshalReader in) throws Garbled {
        boolean text = in.isText();
        return new Outbound.Message(Payload.of(text ? in.utf8() : in.bytes()), text);
    }

    /// What makes an event, of which the child may have said what is not legal.
    private interface Making {
        Outbound event() throws Garbled;
    }

    private static Outbound checked(Making making) throws Garbled {
        try {
            return making.event();
        } catch (IllegalArgumentException violation) {
            throw new Garbled(String.valueOf(violation.getMessage()));
        }
    }

    private static Outbound accept(@Nullable String subprotocol, byte[] fields) throws Garbled {
        return checked(() -> new Outbound.Accept(subprotocol, headers(fields)));
    }

    private static Outbound close(int code, String reason) throws Garbled {
        return checked(() -> new Outbound.Close(code, reason));
    }

    private static Outbound start(int status, byte[] fields, boolean trailers) throws Garbled {
        return checked(() -> new Outbound.ResponseStart(status, headers(fields), trailers));
    }

    private static Outbound trailers(byte[] fields, boolean more) throws Garbled {
        return checked(() -> new Outbound.Trailers(headers(fields), more));
    }

    private static Outbound hint(byte[] fields) throws Garbled {
        return checked(() -> new Outbound.EarlyHint(headers(fields)));
    }

    /// Names and values, each with a NUL behind it.
    private static Headers headers(byte[] fields) throws Garbled {
        Headers.Builder headers = Headers.over(fields, 8);
        int at = 0;
        while (at < fields.length) {
            int nameEnd = end(fields, at);
            int valueEnd = end(fields, nameEnd + 1);
            HeaderSyntax.requireName(fields, at, nameEnd);
            HeaderSyntax.lowerCase(fields, at, nameEnd);
            HeaderSyntax.requireValue(fields, nameEnd + 1, valueEnd);
            headers.field(at, nameEnd, nameEnd + 1, valueEnd);
            at = valueEnd + 1;
        }
        return headers.build();
    }

    private static int end(byte[] fields, int from) throws Garbled {
        for (int at = from; at < fields.length; at++) {
            if (fields[at] == 0) {
                return at;
            }
        }
        throw new Garbled("header fields without an end");
    }

    private static void require(boolean fits) throws Garbled {
        if (!fits) {
            throw new Garbled("a message with other items than it has");
        }
    }
}
