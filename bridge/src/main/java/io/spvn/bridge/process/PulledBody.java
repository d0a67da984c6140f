package io.spvn.bridge.process;

import io.spvn.bridge.asgi.Payload;
import java.io.EOFException;
import java.io.UncheckedIOException;

/// A large body that stays with the child until it is written: whoever writes it pulls a piece at a
/// time, and waits for it. So one piece of each response is in the heap, however large it is.
///
/// The reader of the child brings pieces, one thread at a time writes them. Whoever has it releases
/// it, which lets the child forget it.
final class PulledBody implements Payload {
    /// The size of a piece.
    static final int PIECE = 64 * 1024;

    private static final long LOOK_MILLIS = 1000;

    private final long length;
    private final Runnable pull;
    private final Runnable drop;

    private byte[] piece = new byte[0];
    private long pieceFrom; // where it begins in the body
    private boolean pulled;
    private boolean failed;

    /// @param pull asks for the next piece; does not block
    /// @param drop says that no more is wanted; does not block
    PulledBody(long length, Runnable pull, Runnable drop) {
        this.length = length;
        this.pull = pull;
        this.drop = drop;
    }

    /// The next piece has come. Reader of the child.
    ///
    /// @return whether it was the last
    synchronized boolean came(byte[] next) throws Garbled {
        long from = pieceFrom + piece.length;
        if (!pulled || next.length != Math.min(PIECE, length - from)) {
            throw new Garbled("a piece of " + next.length + " bytes that it was not asked for");
        }
        pieceFrom = from;
        piece = next;
        pulled = false;
        notifyAll();
        return from + next.length == length;
    }

    /// The child has gone, or cannot read any more of it.
    synchronized void fail() {
        failed = true;
        notifyAll();
    }

    @Override
    public long length() {
        return length;
    }

    /// From the beginning to the end, in order; blocks.
    ///
    /// @throws UncheckedIOException when the child has no more of it
    @Override
    public synchronized void copyTo(long from, byte[] target, int at, int count) {
        for (int done = 0; done < count; ) {
            int offset = awaitAt(from + done);
            int here = Math.min(count - done, piece.length - offset);
            System.arraycopy(piece, offset, target, at + done, here);
            done += here;
        }
    }

    /// Waits for the piece that this byte is in.
    ///
    /// @return where in the piece
    private int awaitAt(long index) {
        if (index < pieceFrom) {
            throw new IllegalArgumentException("it is behind " + index + " already");
        }
        while (index - pieceFrom >= piece.length) {
            if (failed) {
                throw new UncheckedIOException(new EOFException("the worker has no more of it"));
            }
            if (!pulled) {
                pulled = true;
                pull.run();
            }
            try {
                wait(LOOK_MILLIS); // the end of the child ends it at the latest
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                failed = true;
            }
        }
        return (int) (index - pieceFrom);
    }

    @Override
    public int heapBytes() {
        return (int) Math.min(PIECE, length);
    }

    @Override
    public void release() {
        drop.run();
    }
}
