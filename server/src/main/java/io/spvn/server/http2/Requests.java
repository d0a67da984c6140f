package io.spvn.server.http2;

import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.RefusalLog;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.ConnectionTrace;
import io.spvn.server.http.HttpError;
import io.spvn.server.proxy.Forwarding;
import io.spvn.server.websocket.Handshake;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes requests of the field blocks of a connection: opens streams, takes trailers, refuses. The
/// reader's thread.
final class Requests {
    private static final int OUR_TABLE = 4096;

    /// A block that is longer than a head may be by less than this is decoded and answered with
    /// 431; a longer one costs the client its connection.
    private static final int DECODED = 4;

    private final Connection connection;
    private final Http2 http;
    private final Http2Connection owner;
    private final Streams streams;
    private final HpackDecoder decoder = new HpackDecoder(OUR_TABLE);
    private final HeadBlock block;
    private final EarlyPriorities priorities = new EarlyPriorities();
    private final List<Http2Stream> begun = new ArrayList<>(); // whose bodies have begun to come
    private final @Nullable WebSocketStreams webSockets; // null where none are served
    private final boolean trusted; // what its headers say of others

    Requests(Connection connection, Http2 http, Http2Connection owner) {
        this.connection = connection;
        this.http = http;
        this.owner = owner;
        this.streams = owner.streams();
        this.block = new HeadBlock(connection.ledger(), DECODED * http.settings.maxHead());
        this.webSockets =
                http.webSockets == null
                        ? null
                        : new WebSocketStreams(connection, owner, http.webSockets);
        this.trusted = http.forwarding.trusts(connection.peers(), connection.isClientKnown());
    }

    /// The client has said how soon it wants an answer in a stream that it has not opened yet.
    void expect(int stream, Priority priority) {
        priorities.note(stream, priority);
    }

    /// Whether a field block is being received.
    boolean isOpen() {
        return block.isOpen();
    }

    /// Of that.
    int stream() {
        return block.stream();
    }

    void headers(FrameReader frames) throws Http2Error, InterruptedException {
        int id = frames.stream();
        if ((id & 1) == 0) {
            throw Http2Error.ofConnection(
                    ErrorCode.PROTOCOL_ERROR, "a stream that is not the client's to open");
        }
        int from = frames.from();
        boolean dependsOnItself = false;
        if (frames.has(Flags.PRIORITY)) {
            if (frames.to() - from < 5) {
                throw Http2Error.ofConnection(ErrorCode.FRAME_SIZE_ERROR, "HEADERS is too short");
            }
            dependsOnItself = (FrameReader.int32(frames.buffer(), from) & Integer.MAX_VALUE) == id;
            from += 5;
        }
        boolean endStream = frames.has(Flags.END_STREAM);
        if (dependsOnItself) {
            throw Http2Error.ofConnection(
                    ErrorCode.PROTOCOL_ERROR, "a stream that depends on itself");
        }
        if (frames.has(Flags.END_HEADERS)) {
            complete(id, endStream, frames.buffer(), from, frames.to());
        } else {
            block.begin(id, endStream, frames.buffer(), from, frames.to());
        }
    }

    void continuation(FrameReader frames) throws Http2Error, InterruptedException {
        if (!block.isOpen()) {
            throw Http2Error.ofConnection(ErrorCode.PROTOCOL_ERROR, "CONTINUATION of nothing");
        }
        block.add(frames.buffer(), frames.from(), frames.to());
        if (frames.has(Flags.END_HEADERS)) {
            int id = block.stream();
            boolean endStream = block.endStream();
            byte[] bytes = block.bytes();
            int length = block.length();
            block.clear();
            complete(id, endStream, bytes, 0, length);
        }
    }

    /// Whatever becomes of it, a block is decoded: the next one refers to it.
    private void complete(int id, boolean endStream, byte[] bytes, int from, int to)
            throws Http2Error, InterruptedException {
        Http2Fields fields =
                new Http2Fields(
                        http.settings.maxHead(), http.settings.maxFields(), webSockets != null);
        try {
            decoder.decode(bytes, from, to, fields);
        } catch (HpackError error) {
            throw Http2Error.ofConnection(
                    ErrorCode.COMPRESSION_ERROR, String.valueOf(error.getMessage()));
        }
        if (streams.isIdle(id)) {
            streams.begun(id);
            open(id, endStream, fields);
        } else {
            trailers(id, endStream, fields);
        }
    }

    /// RFC 9113 8.1. What they say is nobody's affair: ASGI has no word for them.
    private void trailers(int id, boolean endStream, Http2Fields fields)
            throws Http2Error, InterruptedException {
        Http2Stream stream = streams.get(id);
        if (stream == null || stream.state() == StreamState.CLOSED) {
            if (streams.wasReset(id)) {
                owner.budgets().spend(Budgets.Kind.EMPTY_DATA, System.nanoTime());
                return;
            }
            throw Http2Error.ofConnection(
                    ErrorCode.STREAM_CLOSED, "HEADERS of a stream that is over");
        }
        if (!stream.state().takesMore()) {
            throw Http2Error.ofStream(
                    id, ErrorCode.STREAM_CLOSED, "HEADERS of a request that is complete");
        }
        if (!endStream) {
            throw Http2Error.ofStream(
                    id, ErrorCode.PROTOCOL_ERROR, "trailers that do not end the stream");
        }
        try {
            Headers _ = fields.trailers();
        } catch (MalformedFields fault) {
            throw malformed(id, fault);
        } catch (HttpError tooMany) {
            throw Http2Error.ofStream(
                    id, ErrorCode.PROTOCOL_ERROR, String.valueOf(tooMany.getMessage()));
        }
        stream.body().end();
    }

    private static Http2Error malformed(int id, MalformedFields fault) {
        return Http2Error.ofStream(
                id, ErrorCode.PROTOCOL_ERROR, String.valueOf(fault.getMessage()));
    }

    private void open(int id, boolean endStream, Http2Fields fields)
            throws Http2Error, InterruptedException {
        if (streams.isFull() || owner.isLast()) {
            if (owner.isAcknowledged()) {
                owner.budgets().spend(Budgets.Kind.REFUSED, System.nanoTime());
            }
            http.listener.refused(Rejected.TOO_MANY_STREAMS);
            reset(id, ErrorCode.REFUSED_STREAM);
            return;
        }
        Http2Head head = null;
        Handshake handshake;
        try {
            head = http.identified(fields.head());
            handshake = head.protocol() == null ? null : WebSocketStreams.handshake(head);
        } catch (HttpError error) {
            refuse(id, endStream, error, head);
            return;
        } catch (MalformedFields fault) {
            throw malformed(id, fault);
        }
        begin(id, endStream, head, handshake);
    }

    /// @param handshake of a WebSocket that is asked for, null for an ordinary request
    private void begin(int id, boolean endStream, Http2Head head, @Nullable Handshake handshake)
            throws Http2Error, InterruptedException {
        if (head.contentLength() > http.settings.maxBody()) {
            refuse(
                    id,
                    endStream,
                    new HttpError(Rejected.BODY_TOO_LARGE, "the body is too large"),
                    head);
        } else if (endStream && head.contentLength() > 0) {
            throw Http2Error.ofStream(
                    id, ErrorCode.PROTOCOL_ERROR, "less DATA than content-length says");
        } else if (!connection.ledger().take(Http2Stream.weight(head))) {
            refuse(id, endStream, HttpError.noRoom(), head);
        } else {
            serve(id, endStream, head, handshake);
        }
    }

    private void serve(int id, boolean endStream, Http2Head head, @Nullable Handshake handshake)
            throws Http2Error, InterruptedException {
        Forwarding.Request seen = seen(head);
        Http2Request request = Http2Request.of(head, seen);
        Http2Stream stream = new Http2Stream(id, owner, http, request, endStream);
        Priority early = priorities.take(id);
        if (early != null) {
            stream.prioritize(early);
        }
        if (!streams.add(stream)) {
            connection.ledger().giveBack(stream.weight());
            reset(id, ErrorCode.REFUSED_STREAM);
            return;
        }
        http.listener.streamOpened();
        ConnectionTrace.begun(stream.exchange());
        if (owner.isBroken()) {
            stream.broken(); // who broke it did not see this one
            return;
        }
        if (handshake != null && webSockets != null) {
            webSockets.open(stream, head, handshake, seen);
        }
        if (endStream) {
            stream.body().end();
        } else {
            stream.body().begin();
            begun.add(stream);
        }
    }

    private Forwarding.Request seen(Http2Head head) {
        return trusted
                ? http.forwarding.of(head.headers(), connection.peers())
                : new Forwarding.Request(head.headers(), connection.peers());
    }

    /// Answers a request of which nothing is made.
    ///
    /// @param head null when none could be made out
    private void refuse(int id, boolean endStream, HttpError error, @Nullable Http2Head head)
            throws Http2Error {
        owner.budgets().spend(Budgets.Kind.REFUSED, System.nanoTime());
        http.listener.refused(error.reason());
        RefusalLog.refused(
                error.reason(),
                () -> head == null ? "" : head.line(),
                connection.peers(),
                error.getMessage());
        boolean bodiless = head != null && head.isHead();
        if (!endStream) {
            streams.reset(id);
        }
        owner.writer().add(new Control.Answer(id, error, bodiless, endStream));
        long content = bodiless ? 0 : error.text().length();
        if (head == null) {
            connection.answeredUnread(() -> "", error.status(), content);
        } else if (http.listener.wantsEnds()) {
            http.listener.ended(
                    Access.of(
                            seen(head).peers(),
                            head.asked(),
                            error.status(),
                            content,
                            0,
                            Headers.EMPTY));
        }
    }

    /// The server resets a stream, whether there is one or not.
    void reset(int id, ErrorCode code) {
        streams.reset(id);
        owner.writer().add(new Control.Reset(id, code));
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            stream.broken();
        }
    }

    /// The reader is about to wait: requests whose bodies have begun to come are handed in.
    void submit() throws InterruptedException {
        for (Http2Stream each : begun) {
            each.body().submit();
        }
        begun.clear();
    }

    /// Gives back what it holds.
    void close() {
        block.clear();
    }
}
