package io.spvn.server.connection;

import io.spvn.bridge.exchange.Ledger;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Reads on while the reader is held up by a request that may not begin yet, so that a client that
/// leaves meanwhile is noticed.
///
/// It has a virtual thread of its own, which keeps what it reads, up to [#LIMIT], for the reader to
/// take. The socket has one reading thread at any time: the reader comes back to it when this one
/// has ended.
final class Lookout {
    private static final int LIMIT = 64 * 1024;

    /// What a piece costs beside its bytes.
    private static final int PIECE_BYTES = 64;

    private final Socket socket;
    private final Ledger ledger;
    private final Runnable onBreak;
    private final Queue<byte[]> pieces = new ArrayDeque<>();
    private Runnable onEnd = () -> {};
    private int held;
    private boolean wanted;
    private boolean reading;
    private boolean ended;
    private @Nullable Throwable failure;

    /// @param onBreak called by the lookout's thread when the connection is broken
    Lookout(Socket socket, Ledger ledger, Runnable onBreak) {
        this.socket = socket;
        this.ledger = ledger;
        this.onBreak = onBreak;
    }

    /// Reader: begins, or goes on, to watch.
    ///
    /// @param onEnd called when the client sends no more, while the reader is away: by the
    ///   lookout's thread, or at once when that was seen before
    void watch(Runnable onEnd) {
        if (!begin(onEnd)) {
            onEnd.run();
        }
    }

    /// @return false when there is nothing to watch
    private synchronized boolean begin(Runnable onEnd) {
        this.onEnd = onEnd;
        wanted = true;
        if (!reading && hasRoom()) {
            reading = true;
            Thread.startVirtualThread(this::read);
        }
        return !ended;
    }

    /// Reader: the next piece, null when none is held and the socket is the reader's again. Waits
    /// while the lookout is about to read one.
    ///
    /// @throws UncheckedIOException when the connection is broken
    synchronized byte @Nullable [] take() {
        wanted = false;
        awaitPiece();
        byte[] next = pieces.poll();
        if (next == null && failure != null) {
            throw new UncheckedIOException(new IOException("connection broken", failure));
        }
        release(next);
        return next;
    }

    private void release(byte @Nullable [] piece) {
        if (piece != null) {
            held -= piece.length;
            ledger.giveBack(cost(piece));
        }
    }

    /// Beside what the piece weighs, which goes with it.
    private static int cost(byte[] piece) {
        return PIECE_BYTES + piece.length - Ledger.weight(piece.length);
    }

    /// Reader: the socket is closed. Gives back what nobody takes any more.
    synchronized void close() {
        wanted = false;
        while (reading) {
            boolean _ = interrupted();
        }
        for (byte[] piece = pieces.poll(); piece != null; piece = pieces.poll()) {
            release(piece);
            ledger.giveBack(Ledger.weight(piece.length));
        }
    }

    /// Reader: whether nothing follows what was taken.
    synchronized boolean ended() {
        return ended && pieces.isEmpty();
    }

    private synchronized void awaitPiece() {
        while (pieces.isEmpty() && reading) {
            if (interrupted()) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new InterruptedIOException("stopped"));
            }
        }
    }

    /// Waits for the next change.
    @SuppressWarnings("WaitNotInLoop") // its callers loop
    private synchronized boolean interrupted() {
        try {
            wait();
            return false;
        } catch (InterruptedException stopped) {
            return true;
        }
    }

    private void read() {
        try {
            boolean more = true;
            while (more) {
                more = keep(socket.read());
            }
        } catch (RuntimeException | Error broken) {
            fail(broken);
            onBreak.run();
            return;
        }
        toTell().run();
    }

    /// A reader that is back finds the end by itself, behind what came before.
    private synchronized Runnable toTell() {
        return ended && wanted ? onEnd : () -> {};
    }

    private synchronized boolean keep(byte @Nullable [] piece) {
        if (piece == null) {
            ended = true;
        } else {
            pieces.add(piece);
            held += piece.length;
            ledger.add(cost(piece));
        }
        reading = wanted && hasRoom();
        notifyAll();
        return reading;
    }

    private synchronized void fail(Throwable broken) {
        failure = broken;
        reading = false;
        notifyAll();
    }

    private boolean hasRoom() {
        return !ended && failure == null && held < (ledger.isFull() ? 1 : LIMIT);
    }
}
