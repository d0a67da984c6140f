package io.spvn.server.http1;

import static io.spvn.server.http.FieldNames.HOST;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.BufferPool;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.Protocol;
import io.spvn.server.connection.SocketInput;
import io.spvn.server.http.Ascii;
import io.spvn.server.http.DateHeader;
import io.spvn.server.http.HttpError;
import io.spvn.server.http.HttpSettings;
import io.spvn.server.http.ResponseDefaults;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Sends every client of an address without encryption to the one with it, by a 308 with the host
/// that it asked for: method and body stay. One request a connection, of which the head alone is
/// read.
public final class HttpsRedirect implements Protocol {
    private static final int STATUS = 308;
    private static final int HTTPS_PORT = 443;
    private static final byte[] LOCATION = Ascii.bytes("location");
    private static final String HEX = "0123456789ABCDEF";

    private final IntSupplier port;
    private final ExchangeListener listener;
    private final HttpSettings settings = new HttpSettings(0);
    private final BufferPool buffers = new BufferPool();
    private final DefaultFields defaults;

    /// @param port of the address with encryption, known once it is bound
    /// @param responses header fields that the server adds
    /// @param listener told what becomes of requests
    public HttpsRedirect(IntSupplier port, ResponseDefaults responses, ExchangeListener listener) {
        this.port = port;
        this.listener = listener;
        this.defaults = new DefaultFields(new DateHeader(Clock.systemUTC()), responses, 0);
    }

    @Override
    public Conversation on(Connection connection) {
        return new OneRequest(connection);
    }

    /// Where a request is to be made instead.
    ///
    /// @throws HttpError when it does not say
    static byte[] location(RequestHead head, Scope.Http scope, int port) {
        int host = scope.headers().find(HOST, 0);
        if (host < 0 || head.isConnect() || scope.rawPath()[0] != '/') {
            throw new HttpError(Rejected.MALFORMED, "this address only sends requests to https://");
        }
        StringBuilder text = new StringBuilder("https://");
        text.append(withoutPort(scope.headers(), host));
        if (port != HTTPS_PORT) {
            text.append(':').append(port);
        }
        append(scope.rawPath(), text);
        if (scope.query().length > 0) {
            append(scope.query(), text.append('?'));
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String withoutPort(Headers headers, int host) {
        int from = headers.valueStart(host);
        String value =
                new String(
                        headers.block(),
                        from,
                        headers.valueEnd(host) - from,
                        StandardCharsets.US_ASCII);
        int colon = value.lastIndexOf(':');
        return colon > value.lastIndexOf(']') ? value.substring(0, colon) : value;
    }

    /// What is not ASCII gets the form that a URI has for it.
    private static void append(byte[] part, StringBuilder text) {
        for (byte octet : part) {
            if (octet < 0) {
                text.append('%')
                        .append(HEX.charAt((octet >> 4) & 0xF))
                        .append(HEX.charAt(octet & 0xF));
            } else {
                text.append((char) octet);
            }
        }
    }

    private final class OneRequest implements Conversation {
        private final Connection connection;
        private final Ending ending;
        private final SocketInput input;
        private final HeadParser parser = new HeadParser(settings);

        OneRequest(Connection connection) {
            this.connection = connection;
            this.ending = connection.ending();
            this.input = connection.input();
        }

        @Override
        public @Nullable Conversation run() {
            long began = System.nanoTime();
            try {
                if (!connection.isWithinLimit()) {
                    throw new HttpError(Rejected.TOO_MANY_CONNECTIONS, "too many connections");
                }
                RequestHead head = read();
                if (head != null && connection.clock().stop()) {
                    send(head, began);
                }
            } catch (HttpError error) {
                refuse(error);
            }
            return null;
        }

        /// The time for the head runs from its first byte and is not extended by the next ones.
        private @Nullable RequestHead read() {
            boolean clockRuns = false;
            int end = -1;
            while (end < 0) {
                if (!HeadReader.fill(input)) {
                    return null;
                }
                end = parser.parse(input.buffer(), input.from(), input.to());
                if (end < 0 && !clockRuns) {
                    clockRuns = true;
                    ending.expect(Due.HEAD);
                }
            }
            input.consumedTo(end);
            return parser.head();
        }

        private void send(RequestHead head, long began) {
            Scope.Http scope = head.scope(connection.peers());
            byte[] location = location(head, scope, port.getAsInt());
            Headers headers = Headers.of(LOCATION, location);
            buffers.use(
                    connection.output(),
                    out -> {
                        ResponseEncoder encoder = new ResponseEncoder(head, defaults, false);
                        encoder.start(new Outbound.ResponseStart(STATUS, headers), 0, out);
                        encoder.body(new Outbound.ResponseBody(Payload.EMPTY, false), out);
                    });
            long nanos = System.nanoTime() - began;
            listener.responded(scope.method(), scope.httpVersion(), STATUS, nanos);
            if (listener.wantsEnds()) {
                listener.ended(
                        Access.of(connection.peers(), head.asked(), STATUS, 0, nanos, headers));
            }
            ending.finish();
        }

        private void refuse(HttpError error) {
            if (connection.clock().stop()) {
                listener.refused(error.reason());
                RefusalLog.refused(
                        error.reason(), input::line, connection.peers(), error.getMessage());
                ResponseEncoder response = new ResponseEncoder(null, defaults, false);
                buffers.use(connection.output(), out -> response.refuse(error, out));
                connection.answeredUnread(input::line, response.status(), response.content());
                ending.finish();
            }
        }

        @Override
        public void late(Due due) {
            ending.breakOff(Rejected.HEADER_TIMEOUT);
        }

        @Override
        public void broken() {
            // nobody waits
        }
    }
}
