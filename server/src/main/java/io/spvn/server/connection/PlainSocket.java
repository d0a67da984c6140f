package io.spvn.server.connection;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.asgi.Peers;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.process.PeerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A connection without TLS.
///
/// It reads into a buffer that fits what the client sends, as far as the ledger has room, and
/// writes from the caller's array: an idle connection holds next to nothing, and a response is
/// passed on as it is.
final class PlainSocket implements Socket {
    /// Most heads fit into this.
    static final int LEAST_READ = Ledger.FREE;

    /// What uploads are read by.
    static final int MOST_READ = 64 * 1024;

    private static final int STEP = 4;

    /// What is copied of a file to wait for room.
    private static final int WAITING_PIECE = 8 * 1024;

    private final SocketChannel channel;
    private final Ledger ledger;
    private final PeerState peer;
    private ByteBuffer room = ByteBuffer.allocate(LEAST_READ); // the reader's
    private volatile long written;

    PlainSocket(SocketChannel channel, Ledger ledger) {
        this.channel = channel;
        this.ledger = ledger;
        this.peer = new PeerState(channel);
    }

    @Override
    public byte @Nullable [] read() {
        try {
            int count = channel.read(room);
            return count < 0 ? null : taken();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// How many bytes it keeps room for while it waits.
    int held() {
        return room.capacity();
    }

    private byte[] taken() {
        byte[] piece = room.array();
        int count = room.position();
        int capacity = room.capacity();
        if (count == capacity) {
            room = larger(capacity);
            return piece;
        }
        if (capacity > LEAST_READ) {
            room = ByteBuffer.allocate(LEAST_READ); // what follows may be a long rest
            ledger.giveBack(Ledger.weight(capacity) - Ledger.weight(count));
        } else {
            room.clear();
        }
        return Arrays.copyOf(piece, count);
    }

    private ByteBuffer larger(int capacity) {
        int wanted = Math.min(STEP * capacity, MOST_READ);
        return ByteBuffer.allocate(ledger.take(Ledger.weight(wanted)) ? wanted : LEAST_READ);
    }

    @Override
    public void endInput() {
        ledger.giveBack(Ledger.weight(room.capacity()));
        room = ByteBuffer.allocate(0);
    }

    @Override
    public void write(ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                count(channel.write(bytes));
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// By the system, as far as it has room. When it has none, a piece is written in the ordinary
    /// way, which waits for room; that of a file that has no more bytes is an error.
    @Override
    public void write(FileRange file, long from, int length) {
        int done = 0;
        try {
            while (done < length) {
                int sent = (int) file.transferTo(from + done, length - done, channel);
                count(sent);
                if (sent == 0) {
                    sent = Math.min(WAITING_PIECE, length - done);
                    Socket.super.write(file, from + done, sent);
                }
                done += sent;
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes at a time
    private void count(int accepted) {
        written += accepted;
    }

    @Override
    public void endOutput() {
        try {
            channel.shutdownOutput();
        } catch (ClosedChannelException over) {
            return;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    /// The system says it itself.
    @Override
    public void awaitOutputEnd() {}

    @Override
    public long acknowledged() {
        long handed = written;
        return handed - peer.unacknowledged();
    }

    @Override
    public long unacknowledged() {
        return PeerState.isKnown() ? peer.unacknowledged() : Integer.MAX_VALUE;
    }

    @Override
    public boolean hasUnread() {
        return peer.unread() > 0;
    }

    @Override
    public boolean hasReset() {
        return peer.hasReset();
    }

    @Override
    public void close() {
        try (channel) {
            if (channel.isOpen()) {
                channel.shutdownOutput();
            }
        } catch (ClosedChannelException byAnotherThread) {
            return;
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void abort() {
        try (channel) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException | UnsupportedOperationException closedOrNoTcp) {
            return;
        }
    }

    @Override
    public Peers peers() {
        return Addresses.of(
                "http", address(channel::getRemoteAddress), address(channel::getLocalAddress));
    }

    private interface End {
        @Nullable SocketAddress address() throws IOException;
    }

    private static @Nullable SocketAddress address(End end) {
        try {
            return end.address();
        } catch (IOException closed) {
            return null;
        }
    }
}
