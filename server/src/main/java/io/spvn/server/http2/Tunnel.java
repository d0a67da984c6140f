package io.spvn.server.http2;

import io.spvn.bridge.asgi.Outbound;
import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.ClientGone;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Sent;
import io.spvn.bridge.exchange.Waker;
import io.spvn.server.connection.Connection;
import io.spvn.server.connection.Socket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A stream that an extended CONNECT has made a connection of (RFC 8441 5): the bytes of its DATA
/// frames, both ways. To its stream it is what an app is to others: it answers, and what it sends is
/// the body of that answer, so that windows, turns, deadlines and the end of the connection are
/// those of any other stream.
///
///     what is said here    what becomes of it
///     end of the output    END_STREAM; RST_STREAM behind it where the client still sends
///     abort, close         RST_STREAM with CANCEL; not by a close when the output has ended
///
///     what the client says     what it is here
///     END_STREAM               the end of the input
///     RST_STREAM               the end of the input, and a broken output
final class Tunnel implements Socket {
    /// More than [SocketOutput#takesAtOnce] takes for sure, and what a piece costs beside.
    private static final int LITTLE = 32 * 1024;

    private final Connection carrier;
    private final Http2Connection owner;
    private final Http2Stream stream;
    private final HttpExchange exchange;
    private final TunnelInput input;
    private final Object room = new Object();
    private boolean ended; // by the monitor
    private volatile boolean answered;
    private volatile boolean closed;
    private volatile long written; // changed by one thread at a time

    /// @param carrier the connection that the stream is on
    Tunnel(Connection carrier, Http2Connection owner, Http2Stream stream) {
        this.carrier = carrier;
        this.owner = owner;
        this.stream = stream;
        this.exchange = stream.exchange();
        this.input = stream.tunnelInput();
        exchange.taken(stream.id(), new Room());
    }

    /// Told that there is room to send more, or that nobody is there.
    private final class Room implements Waker {
        @Override
        public void wake(Exchange ready) {
            synchronized (room) {
                room.notifyAll();
            }
        }

        @Override
        public boolean wantsEnd() {
            return true;
        }
    }

    /// Says something of the answer to the CONNECT, or behind it. Blocks while the client takes
    /// nothing and enough waits for it.
    ///
    /// @throws UncheckedIOException when the stream is over
    void say(Outbound event) {
        answered = true;
        try {
            Sent sent = send(event);
            if (sent == Sent.HELD) {
                return;
            }
            flush();
            if (sent == Sent.FULL) {
                awaitRoom();
            }
        } catch (ClientGone gone) {
            throw broken();
        }
    }

    /// Who ends the output may meet who writes: nothing is said behind the end.
    private synchronized Sent send(Outbound event) {
        if (ended) {
            throw broken();
        }
        return exchange.send(event);
    }

    private void flush() {
        stream.announce(exchange);
        owner.writer().writeSoon();
    }

    /// Not when so little waits that the writer may be one who must not block
    /// ([SocketOutput#takesAtOnce]): there is little room for anybody then.
    private void awaitRoom() {
        synchronized (room) {
            while (!closed && exchange.unwritten() > LITTLE && !exchange.writable()) {
                try {
                    room.wait();
                } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                    throw broken();
                }
            }
            if (closed) {
                throw broken();
            }
        }
    }

    private static UncheckedIOException broken() {
        return new UncheckedIOException(new IOException("the stream is over"));
    }

    // ---- its reader

    @Override
    public byte @Nullable [] read() {
        try {
            byte[] piece = input.read();
            if (piece == null && closed) {
                throw broken();
            }
            return piece;
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            throw broken();
        }
    }

    @Override
    public void endInput() {
        input.discard();
    }

    // ---- who writes

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes at a time
    public void write(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        say(new Outbound.ResponseBody(Payload.of(copy), true));
        written += copy.length;
    }

    @Override
    public synchronized void endOutput() {
        if (!answered) {
            stream.cancel();
        } else if (!exchange.settled()) {
            ended = true;
            try {
                exchange.send(new Outbound.ResponseBody(Payload.EMPTY, false));
                flush();
            } catch (ClientGone gone) {
                throw broken();
            }
        }
    }

    /// What is written is the stream's affair, which ends without us.
    @Override
    public void awaitOutputEnd() {}

    // ---- any thread

    @Override
    public long acknowledged() {
        return written - exchange.unwritten();
    }

    @Override
    public long unacknowledged() {
        return exchange.unwritten();
    }

    @Override
    public boolean hasUnread() {
        return input.hasUnread();
    }

    @Override
    public boolean hasReset() {
        return exchange.isGone();
    }

    @Override
    public void close() {
        noteClosed();
        if (exchange.settled()) {
            input.closed();
        } else {
            stream.cancel();
        }
    }

    @Override
    public void abort() {
        noteClosed();
        stream.cancel();
    }

    /// Ends the wait of who writes.
    private void noteClosed() {
        synchronized (room) {
            closed = true;
            room.notifyAll();
        }
    }

    @Override
    public Peers peers() {
        return carrier.peers();
    }

    @Override
    public boolean isClientKnown() {
        return carrier.isClientKnown();
    }

    @Override
    public boolean isInner() {
        return true;
    }
}
