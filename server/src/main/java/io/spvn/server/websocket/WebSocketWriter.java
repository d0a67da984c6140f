package io.spvn.server.websocket;

import io.spvn.bridge.asgi.CloseCode;
import io.spvn.bridge.asgi.Headers;
import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.exchange.Access;
import io.spvn.bridge.exchange.Combiner;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.WebSocketExchange;
import io.spvn.bridge.exchange.Write;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.ConnectionTrace;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.WireBuffer;
import io.spvn.server.websocket.Controls.Control;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// Writes a WebSocket to its connection: the answer to the handshake, then frames.
///
/// Called by responders, by the reader for control frames, and by threads that were started to ask
/// or tell a client something. When calls overlap, the first does the work of all and the others
/// return at once, so a client that does not read holds up one thread and the order is kept.
final class WebSocketWriter {
    /// What has been written.
    private enum Phase {
        /// No answer to the handshake, or not all of it.
        HANDSHAKE,
        OPEN,
        /// A close, behind which there is nothing.
        CLOSED,
        /// A response in place of a WebSocket.
        DENIED
    }

    private static final byte[] NOTHING = {};

    private final Connection connection;
    private final WebSockets sockets;
    private final WebSocketExchange exchange;
    private volatile @Nullable HandshakeAnswer answer; // of who writes, until there are frames
    private Access.@Nullable Request asked; // null once open, unless somebody wants to hear of it
    private Headers fields = Headers.EMPTY; // of the answer
    private int status; // of the answer, once it is written
    private long sent; // bytes of messages
    private final Runnable onChange;
    private final Controls controls = new Controls();
    private final Combiner turns = new Combiner();

    private @Nullable FrameWriter frames; // of who writes
    private volatile @Nullable PerMessageDeflate deflate;
    private volatile Phase phase = Phase.HANDSHAKE;
    private volatile boolean unawaited; // the client has closed, or is not waited for
    private volatile boolean finished;
    private volatile int closeCode = CloseCode.ABNORMAL.code();

    /// @param onChange called when the client has its answer, and when nothing more is said
    WebSocketWriter(
            Connection connection,
            WebSockets sockets,
            WebSocketExchange exchange,
            HandshakeAnswer answer,
            Runnable onChange) {
        this.connection = connection;
        this.sockets = sockets;
        this.exchange = exchange;
        this.answer = answer;
        this.onChange = onChange;
    }

    /// Whether the client has its WebSocket.
    boolean isOpen() {
        return phase == Phase.OPEN || phase == Phase.CLOSED;
    }

    /// Whether the client has got a response instead.
    boolean isDenied() {
        return phase == Phase.DENIED;
    }

    /// Whether a close has gone out.
    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /// Whether all has been written, and the client been told that.
    boolean isFinished() {
        return finished;
    }

    /// Whether nothing more is to be written.
    boolean isDone() {
        return phase.compareTo(Phase.CLOSED) >= 0;
    }

    /// What was agreed on, null for no compression; once it is open.
    @Nullable PerMessageDeflate deflate() {
        return deflate;
    }

    /// Writes a control frame; a close behind what the app has said, others ahead of it.
    void control(Control control) {
        controls.add(control);
        write();
    }

    /// Answers a ping, with others that are answered in this turn: [#answerPings] ends it.
    void pong(byte[] data) {
        controls.add(new Control.Pong(data));
        if (controls.isFull()) {
            write();
        }
    }

    /// Reader, before it waits for anything: writes the answers to pings.
    void answerPings() {
        if (!controls.isEmpty()) {
            write();
        }
    }

    /// The client has closed; it hears the same, unless it has been told to before.
    void clientClosed(int code) {
        unawaited = true;
        if (isClosed()) {
            finish();
        } else {
            control(new Control.Close(code, ""));
        }
    }

    /// The client is told, and not waited for.
    void fail(int code, String reason) {
        unawaited = true;
        control(new Control.Close(code, reason));
    }

    /// Writes all there is.
    void write() {
        turns.run(this::writeAll);
    }

    private void writeAll() {
        try {
            sockets.buffers.use(connection.output(), this::writeAll);
            if (isClosed() && unawaited && !finished) {
                finish();
            }
        } catch (UncheckedIOException broken) {
            connection.ending().breakOff();
        } catch (RuntimeException | Error failure) {
            connection.ending().breakOff();
            throw failure;
        }
    }

    private void writeAll(WireBuffer out) {
        boolean more = true;
        while (more) {
            more = writeNext(out);
        }
    }

    /// @return false when there was nothing
    private boolean writeNext(WireBuffer out) {
        boolean framed = isOpen();
        Control control = framed ? controls.poll() : null;
        if (control != null) {
            step(control, out);
            return true;
        }
        Write write = exchange.nextWrite();
        if (write != null) {
            step(write, out);
            return true;
        }
        Control.Close end = framed ? controls.pollClose() : null;
        if (end != null) {
            step(end, out);
        }
        return end != null;
    }

    private void step(Control control, WireBuffer out) {
        FrameWriter writer = frames();
        switch (control) {
            case Control.Ping() -> writer.ping(NOTHING, out);
            case Control.Pong(byte[] data) -> writer.pong(data, out);
            case Control.Close(int code, String reason) -> close(code, reason, out);
        }
    }

    private void step(Write write, WireBuffer out) {
        switch (write) {
            case Write.Accept(Outbound.Accept accept) -> open(accept, out);
            case Write.Message(Outbound.Message message) -> message(message, out);
            case Write.Close(int code, String reason) -> close(code, reason, out);
            case Write.Start(Outbound.ResponseStart start, long knownLength) -> {
                fields = start.headers();
                answer().start(start, knownLength, out);
            }
            case Write.Body(Outbound.ResponseBody body) -> body(body, out);
            case Write.Refusal(Rejected reason, String detail) -> {
                connection.refused(reason);
                answer().refuse(reason, detail, out);
                denyIfComplete(out);
            }
            case Write.Abort(Rejected reason) -> {
                connection.refused(reason);
                out.flush();
                connection.ending().breakOff();
            }
            case Write.Continue _, Write.EarlyHints _, Write.Trailers _ ->
                    throw new IllegalStateException("not of a WebSocket: " + write);
        }
    }

    private void open(Outbound.Accept accept, WireBuffer out) {
        PerMessageDeflate agreed =
                sockets.settings.deflate() ? sockets.contexts.agree(answer().extensions()) : null;
        deflate = agreed;
        frames = new FrameWriter(connection.ledger(), agreed);
        HandshakeAnswer accepting = answer();
        accepting.accept(accept, agreed, out);
        out.flush(); // what follows may take long to be compressed
        report();
        if (sockets.listener.wantsEnds()) {
            asked = accepting.asked();
            fields = accept.headers();
        }
        answer = null; // with all that the client has said in its handshake
        sockets.listener.webSocketOpened();
        phase = Phase.OPEN;
        onChange.run();
    }

    private HandshakeAnswer answer() {
        HandshakeAnswer current = answer;
        if (current == null) {
            throw new IllegalStateException("the handshake has been answered");
        }
        return current;
    }

    private void message(Outbound.Message message, WireBuffer out) {
        Payload data = message.data();
        try {
            FrameWriter writer = frames();
            boolean written = message.text() ? writer.text(data, out) : writer.binary(data, out);
            if (written) {
                sent += data.length();
                sockets.listener.messageSent();
            }
        } finally {
            data.release();
        }
        exchange.written(data);
    }

    private void close(int code, String reason, WireBuffer out) {
        if (frames().close(code, reason, out)) {
            closeCode = code;
            out.flush();
            phase = Phase.CLOSED;
            connection.ending().expect(Due.END);
        }
    }

    private void body(Outbound.ResponseBody body, WireBuffer out) {
        try {
            answer().body(body, out);
        } finally {
            body.data().release();
        }
        exchange.written(body.data());
        denyIfComplete(out);
    }

    private void denyIfComplete(WireBuffer out) {
        if (answer().isComplete()) {
            out.flush();
            report();
            phase = Phase.DENIED;
            finish();
        }
    }

    private void report() {
        long nanos = System.nanoTime() - exchange.createdAt();
        status = answer().status();
        String version = exchange.scope().httpVersion();
        sockets.listener.responded(exchange.method(), version, status, nanos);
        ConnectionTrace.answered(exchange, status, nanos);
    }

    private void finish() {
        connection.ending().finish();
        finished = true;
        onChange.run();
    }

    private FrameWriter frames() {
        FrameWriter writer = frames;
        if (writer == null) {
            throw new IllegalStateException("no frames before the handshake's answer");
        }
        return writer;
    }

    /// Reader, when nothing is read any more: gives back what it holds.
    void close() {
        PerMessageDeflate agreed = deflate;
        if (agreed != null) {
            agreed.close();
        }
        if (isOpen()) {
            sockets.listener.webSocketClosed(closeCode);
        }
        if (sockets.listener.wantsEnds()) {
            sockets.listener.ended(access());
        }
    }

    private Access access() {
        HandshakeAnswer current = answer;
        boolean open = isOpen();
        return Access.of(
                exchange,
                current == null ? asked : current.asked(),
                current == null ? status : current.status(),
                current == null ? sent : current.content(),
                System.nanoTime() - exchange.createdAt(),
                fields,
                open ? closeCode : 0);
    }
}
