package io.spvn.server.websocket;

import io.spvn.bridge.asgi.CloseCode;
import io.spvn.bridge.asgi.Inbound;
import io.spvn.bridge.asgi.Scope;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.Transport;
import io.spvn.bridge.exchange.WebSocketExchange;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Conversation;
import io.spvn.server.connection.Due;
import io.spvn.server.connection.Ending;
import io.spvn.server.connection.SocketInput;
import io.spvn.server.websocket.Controls.Control;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A WebSocket on one connection: the reader.
///
/// [#run] waits for the app's answer to the handshake, then reads message after message and gives
/// them to the exchange; while the app reads nothing it is held up there. Pings are answered from
/// here. What the app says is written by [WebSocketWriter], in a responder's thread. The end:
///
///     the client closes       its code comes back, if no close has gone out before
///     a close has gone out    the client's is waited for, a moment
///     the client breaks rules it is told once the app has read what came before, or has not for a
///                             second
///     the client is silent    it is told, and not waited for
final class WebSocketConnection implements Conversation, Transport {
    /// An app that takes so long to answer is waited for with an eye on its client.
    private static final Duration PATIENCE = Duration.ofMillis(100);

    /// To compress as much as this takes no longer than to wake another thread for it.
    private static final int SOON_COMPRESSED = 1024;

    /// How long an app may take for what came before a broken rule.
    private static final Duration TO_READ = Duration.ofSeconds(1);

    private final Connection connection;
    private final WebSockets sockets;
    private final Ending ending;
    private final SocketInput input;
    private final WebSocketExchange exchange;
    private final WebSocketWriter writer;
    private @Nullable FrameReader frames; // the reader's
    private volatile @Nullable Heartbeat heartbeat; // null until it is open
    private volatile boolean deaf;
    private volatile boolean broken;
    private volatile @Nullable Thread waiting;

    WebSocketConnection(
            Connection connection,
            WebSockets sockets,
            Scope.WebSocket scope,
            HandshakeAnswer answer) {
        this.connection = connection;
        this.sockets = sockets;
        this.ending = connection.ending();
        this.input = connection.input();
        this.exchange =
                new WebSocketExchange(
                        scope,
                        this,
                        sockets.settings.maxQueue(),
                        connection.ledger(),
                        System.nanoTime());
        exchange.identify(answer.asked().id());
        if (sockets.timed) {
            exchange.keepMoments();
        }
        this.writer = new WebSocketWriter(connection, sockets, exchange, answer, this::changed);
    }

    /// @return null: nothing follows a WebSocket on a connection
    @Override
    public @Nullable Conversation run() throws InterruptedException {
        if (ending.isLast()) {
            exchange.broken(); // it broke while it was handed over
            return null;
        }
        if (!connection.isWithinLimit()) {
            exchange.cut(Rejected.TOO_MANY_CONNECTIONS);
            writer.write();
            return null;
        }
        sockets.dispatcher.submit(exchange);
        awaitAnswer();
        if (writer.isOpen() && !broken && converse()) {
            boolean _ = await(() -> writer.isFinished() || broken, Long.MAX_VALUE);
        }
        return null;
    }

    private void awaitAnswer() throws InterruptedException {
        if (!await(this::isAnswered, PATIENCE.toNanos())) {
            input.watch(exchange::leftBeforeAccept, ending::breakOff);
            boolean _ = await(this::isAnswered, Long.MAX_VALUE);
        }
    }

    private boolean await(BooleanSupplier done, long atMost) throws InterruptedException {
        long began = System.nanoTime();
        long left = atMost;
        waiting = Thread.currentThread();
        while (!done.getAsBoolean() && left > 0) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            left = atMost - (System.nanoTime() - began);
        }
        waiting = null;
        return done.getAsBoolean();
    }

    private boolean isAnswered() {
        return writer.isOpen() || writer.isDenied() || broken;
    }

    private void changed() {
        Thread reader = waiting;
        if (reader != null) {
            LockSupport.unpark(reader);
        }
    }

    /// @return whether a close is exchanged, and to be waited for
    private boolean converse() throws InterruptedException {
        WebSocketSettings settings = sockets.settings;
        FrameReader reader =
                new FrameReader(connection.ledger(), settings.maxMessage(), writer.deflate());
        frames = reader;
        Heartbeat signs =
                new Heartbeat(settings.pingInterval(), settings.pingTimeout(), System.nanoTime());
        heartbeat = signs;
        while (true) {
            Received next = next(reader);
            if (next == null) {
                writer.answerPings();
                if (!input.fill()) {
                    exchange.closed(CloseCode.ABNORMAL.code(), "");
                    return false;
                }
                signs.heard(System.nanoTime());
            } else if (!take(next)) {
                return true;
            }
        }
    }

    private @Nullable Received next(FrameReader reader) {
        if (input.isEmpty()) {
            return null;
        }
        Received next = reader.read(input.buffer(), input.from(), input.to());
        input.consumedTo(reader.position());
        return next;
    }

    /// @return whether more is to be read
    private boolean take(Received received) throws InterruptedException {
        switch (received) {
            case Received.Text(byte[] utf8) -> deliver(new Inbound.Message(utf8, true));
            case Received.Binary(byte[] data) -> deliver(new Inbound.Message(data, false));
            case Received.Ping(byte[] data) -> writer.pong(data);
            case Received.Pong _ -> {}
            case Received.Close(int code, String reason) -> {
                exchange.closed(code, reason);
                writer.clientClosed(code);
                return false;
            }
            case Received.Failure(FrameRules rule) -> {
                writer.answerPings();
                exchange.awaitRead(TO_READ);
                int code = rule.code().code();
                exchange.closed(code, rule.reason());
                writer.fail(code, rule.reason());
                return false;
            }
        }
        return true;
    }

    /// What nobody reads any more is dropped, so that the client's close is found behind it.
    private void deliver(Inbound.Message message) throws InterruptedException {
        connection.ledger().giveBack(Ledger.weight(message.data().length));
        sockets.listener.messageReceived();
        if (!exchange.isFull()) {
            boolean _ = exchange.offer(message);
            return;
        }
        writer.answerPings();
        deaf = true;
        ending.away(true);
        boolean _ = exchange.offer(message);
        ending.away(false);
        deaf = false;
    }

    // ---- responder

    @Override
    public void write(Exchange ready) {
        writer.write();
    }

    @Override
    public boolean writeAtOnce(Exchange ready) {
        long bytes = ready.unwritten();
        boolean compressed = writer.deflate() != null && bytes > SOON_COMPRESSED;
        if (compressed || !connection.output().takesAtOnce(bytes)) {
            return false;
        }
        writer.write();
        return true;
    }

    // ---- registry, and threads that it starts

    @Override
    public void tick(long now) {
        Heartbeat signs = heartbeat;
        if (signs == null || writer.isClosed()) {
            return;
        }
        switch (signs.look(System.nanoTime(), deaf)) {
            case NOTHING -> {}
            case ASK -> Thread.startVirtualThread(() -> writer.control(new Control.Ping()));
            case GIVE_UP -> Thread.startVirtualThread(this::giveUp);
        }
    }

    private void giveUp() {
        exchange.closed(CloseCode.ABNORMAL.code(), "keepalive ping timeout");
        writer.fail(CloseCode.INTERNAL_ERROR.code(), "keepalive ping timeout");
    }

    @Override
    public void late(Due due) {
        ending.breakOff();
    }

    @Override
    public boolean cut(Rejected reason) {
        if (writer.isDone()) {
            return false;
        }
        exchange.cut(reason);
        writer.write();
        return true;
    }

    @Override
    public long unwritten() {
        return exchange.unwrittenInHeap();
    }

    // ---- any thread

    @Override
    public String inHand() {
        return writer.isDone() ? "" : exchange.toString();
    }

    @Override
    public void broken() {
        broken = true;
        exchange.broken();
        changed();
    }

    @Override
    public void close() {
        FrameReader reader = frames;
        if (reader != null) {
            reader.close();
        }
        writer.close();
    }
}
