package io.spvn.server.connection;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.NioSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.socket.SocketWriter;
import io.helidon.webserver.ConnectionContext;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.server.process.PeerState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A connection without TLS, for one thread that reads and one that writes; any may close it.
///
/// Helidon's own socket keeps two buffers of 8 KiB for as long as a connection lasts, of which
/// thousands of idle ones make a heap that takes long to collect, and passes on a response in
/// pieces of that size. This one reads into a buffer that fits what the client sends, as far as the
/// ledger has room, and writes from the caller's array.
public final class PlainSocket implements HelidonSocket {
    /// Most heads fit into this.
    static final int LEAST_READ = Ledger.FREE;

    /// What uploads are read by.
    static final int MOST_READ = 16 * 1024;

    private static final int STEP = 4;

    private final SocketChannel channel;
    private final String listenerId;
    private final String connectionId;
    private final Ledger ledger;
    private final PeerState peer;
    private final Out out = new Out();
    private ByteBuffer room = ByteBuffer.allocate(LEAST_READ); // the reader's
    private volatile long written;

    PlainSocket(SocketChannel channel, String listenerId, String connectionId, Ledger ledger) {
        this.channel = channel;
        this.ledger = ledger;
        this.peer = new PeerState(channel);
        this.listenerId = listenerId;
        this.connectionId = connectionId;
    }

    /// The socket of a connection that has just been accepted: takes the place of Helidon's own,
    /// which nothing refers to any more. What has been read from that is left in the context's
    /// reader of before.
    public static PlainSocket of(ConnectionContext context, Ledger ledger) {
        HelidonSocket made = context.serverSocket();
        if (made.getClass() != NioSocket.class) {
            throw new AssertionError("not a socket without TLS: " + made.getClass());
        }
        SocketChannel channel = (SocketChannel) Seam.read(context, "socket");
        PlainSocket socket =
                new PlainSocket(channel, made.socketId(), made.childSocketId(), ledger);
        Seam.write(context, "helidonSocket", socket);
        Seam.write(context, "reader", DataReader.create(socket));
        Seam.write(context, "writer", SocketWriter.create(socket));
        return socket;
    }

    /// The next piece of the input, in an array of its own; null at the end. What the array weighs
    /// ([Ledger#weight]) has been entered in the ledger, and is the caller's to give back.
    @Override
    public byte @Nullable [] get() {
        try {
            int count = channel.read(room);
            return count < 0 ? null : taken();
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
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

    /// Reader, when it reads no more: gives back what is kept room for.
    public void endInput() {
        ledger.giveBack(Ledger.weight(room.capacity()));
        room = ByteBuffer.allocate(0);
    }

    /// How much the client has taken of what was written to it: bytes that its system has
    /// acknowledged.
    public long acknowledged() {
        long handed = written;
        return handed - peer.unacknowledged();
    }

    /// Whether the client has reset the connection; for those who do not read it.
    public boolean hasReset() {
        return peer.hasReset();
    }

    /// Says that nothing more is written. The end goes out at once, behind what was written before.
    public void endOutput() {
        try {
            channel.shutdownOutput();
        } catch (ClosedChannelException over) {
            return;
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    /// Ends the connection at once, and lets the system forget what was not taken. Does not block.
    public void abort() {
        try (channel) {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException | UnsupportedOperationException closedOrNoTcp) {
            return;
        }
    }

    /// Returns when all of it is with the system; blocks while the client does not read.
    @Override
    public void write(BufferData data) {
        data.writeTo(out);
    }

    /// Takes what a buffer holds as it is.
    private final class Out extends OutputStream {
        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            ByteBuffer left = ByteBuffer.wrap(bytes, from, length);
            while (left.hasRemaining()) {
                count(channel.write(left));
            }
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes at a time
        private void count(int accepted) {
            written += accepted;
        }
    }

    /// The end of the output goes out at once, also while another thread reads.
    @Override
    public void close() {
        try (channel) {
            if (channel.isOpen()) {
                channel.shutdownOutput();
            }
        } catch (ClosedChannelException byAnotherThread) {
            return;
        } catch (IOException lost) {
            throw new UncheckedIOException(lost);
        }
    }

    @Override
    public boolean isConnected() {
        return channel.isOpen();
    }

    @Override
    public void idle() {
        // nothing is read ahead
    }

    @Override
    @SuppressWarnings("removal") // has no other implementation
    public int read(BufferData buffer) {
        byte[] piece = get();
        if (piece == null) {
            return -1;
        }
        buffer.write(piece);
        return piece.length;
    }

    @Override
    public PeerInfo remotePeer() {
        return new Peer(address(channel::getRemoteAddress));
    }

    @Override
    public PeerInfo localPeer() {
        return new Peer(address(channel::getLocalAddress));
    }

    private interface End {
        @Nullable SocketAddress address() throws IOException;
    }

    /// None once the connection is closed.
    private static @Nullable SocketAddress address(End end) {
        try {
            return end.address();
        } catch (IOException closed) {
            return null;
        }
    }

    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public String socketId() {
        return listenerId;
    }

    @Override
    public String childSocketId() {
        return connectionId;
    }

    private record Peer(@Nullable SocketAddress address) implements PeerInfo {
        @Override
        public String host() {
            return address instanceof InetSocketAddress ip
                    ? ip.getHostString()
                    : String.valueOf(address);
        }

        @Override
        public int port() {
            return address instanceof InetSocketAddress ip ? ip.getPort() : -1;
        }

        @Override
        public Optional<Principal> tlsPrincipal() {
            return Optional.empty();
        }

        @Override
        public Optional<Certificate[]> tlsCertificates() {
            return Optional.empty();
        }
    }
}
