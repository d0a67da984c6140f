package io.spvn.server.http1;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import io.spvn.server.connection.Registry;
import java.time.Duration;

/// The writing side of a connection's socket. Used by one thread at a time, which blocks while the
/// client does not read; the registry's thread looks at the deadline.
final class SocketOutput {
    private static final int SLICE = 16 * 1024;
    private static final int TURN = 64 * 1024;

    private final HelidonSocket socket;
    private final Registry registry;
    private final long patience;

    /// Until when the client must have taken what is being written, 0 when nothing is.
    private volatile long deadline;

    private int writtenInTurn;

    /// @param patience for the client to take each piece
    SocketOutput(HelidonSocket socket, Registry registry, Duration patience) {
        this.socket = socket;
        this.registry = registry;
        this.patience = patience.toNanos();
    }

    void write(byte[] bytes, int length) {
        try {
            for (int at = 0; at < length; at += SLICE) {
                deadline = registry.now() + patience;
                socket.write(BufferData.create(bytes, at, Math.min(SLICE, length - at)));
            }
            registry.sent(length);
            takeTurns(length);
        } finally {
            deadline = 0;
        }
    }

    /// A client that reads quickly must not keep a carrier thread to itself: virtual threads are
    /// not preempted.
    @SuppressWarnings("ThreadPriorityCheck") // fairness needs it, correctness does not
    private void takeTurns(int written) {
        writtenInTurn += written;
        if (writtenInTurn >= TURN) {
            writtenInTurn = 0;
            Thread.yield();
        }
    }

    /// Registry thread: whether the client has not read for too long; said once.
    boolean takeLate(long now) {
        long due = deadline;
        if (due == 0 || now - due <= 0) {
            return false;
        }
        deadline = 0;
        return true;
    }
}
