package io.spvn.server.websocket;

import io.spvn.bridge.asgi.Payload;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/// Deflates messages for a client (RFC 7692 7.2.1). One thread writes at a time; another may close
/// this meanwhile, which waits for as long as the processor has to do, never for the client.
///
/// With context take-over it owns a deflater from the first message on, until it is closed;
/// without, it borrows one for each message. The JDK's deflater has no smaller window to choose:
/// where the client asked for one its history is dropped (a full flush) before it gets larger than
/// that.
final class MessageDeflater {
    private static final int PIECE = 16 * 1024;
    private static final int LEAST_ROOM = 64;

    /// A message of so many bytes that has got no shorter is sent as it is where no history keeps
    /// it from that: its client is spared the work. With a short one there is no work to spare.
    private static final int LONG = 1024;

    private final DeflateContexts contexts;
    private final boolean takeover;

    /// Bytes that a reference may reach back; no bound of ours where it is zlib's own.
    private final int window;

    private int sinceFlush;
    private @Nullable Deflater own;
    private boolean closed;

    MessageDeflater(DeflateContexts contexts, boolean takeover, int windowBits) {
        this.contexts = contexts;
        this.takeover = takeover;
        this.window =
                windowBits == PerMessageDeflate.MAX_WINDOW_BITS
                        ? Integer.MAX_VALUE
                        : 1 << windowBits;
    }

    /// The most that a message of so many bytes is sent as: a sender whose blocks are short adds a
    /// little to what cannot be compressed.
    static long mostOf(long length) {
        return length + length / 16 + LEAST_ROOM;
    }

    /// Deflates a message, which is not released.
    ///
    /// @param out empty; the caller drops it
    /// @return false when it is to be sent as it is
    synchronized boolean deflate(Payload message, MessageBuffer out) {
        long length = message.length();
        if (closed || length == 0 || length > FrameReader.MOST) {
            return false;
        }
        Deflater deflater = borrow();
        try {
            boolean done = deflate(deflater, message, out);
            if (!done) {
                deflater.reset(); // the client does not get what it would refer to
                sinceFlush = 0;
            }
            return done && (takeover || length < LONG || out.size() < length);
        } finally {
            giveBack(deflater);
        }
    }

    private boolean deflate(Deflater deflater, Payload message, MessageBuffer out) {
        long length = message.length();
        byte[] piece = new byte[(int) Math.min(PIECE, length)];
        for (long done = 0; done < length; ) {
            int count = (int) Math.min(Math.min(piece.length, window - sinceFlush), length - done);
            message.copyTo(done, piece, 0, count);
            deflater.setInput(piece, 0, count);
            done += count;
            if (!drain(deflater, flush(count, done == length), out, mostOf(length))) {
                return false;
            }
            if (done < length) {
                contexts.takeTurns();
            }
        }
        out.cut(MessageInflater.TAIL.length);
        return true;
    }

    private int flush(int count, boolean last) {
        if (window == Integer.MAX_VALUE) {
            return last ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
        }
        sinceFlush += count;
        if (sinceFlush < window) {
            return last ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH;
        }
        sinceFlush = 0;
        return Deflater.FULL_FLUSH;
    }

    /// zlib is done with a flush when it leaves room.
    private static boolean drain(Deflater deflater, int flush, MessageBuffer out, long most) {
        int room;
        int had;
        do {
            if (!out.reserve(LEAST_ROOM, most)) {
                return false;
            }
            room = out.room();
            had = deflater.deflate(out.bytes(), out.size(), room, flush);
            out.added(had);
        } while (had == room);
        return true;
    }

    private Deflater borrow() {
        Deflater mine = own;
        if (mine == null) {
            mine = contexts.deflater();
            sinceFlush = 0;
            own = takeover ? mine : null;
        }
        return mine;
    }

    private void giveBack(Deflater deflater) {
        if (!takeover) {
            contexts.giveBack(deflater);
        } else {
            // The array that it was given would live as long as the connection.
            deflater.setInput(MessageBuffer.NOTHING);
        }
    }

    synchronized void close() {
        closed = true;
        Deflater mine = own;
        own = null;
        if (mine != null) {
            contexts.giveBack(mine);
        }
    }
}
