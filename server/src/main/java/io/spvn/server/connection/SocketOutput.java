package io.spvn.server.connection;

import io.spvn.bridge.asgi.FileRange;
import io.spvn.bridge.exchange.Ledger;
import java.nio.ByteBuffer;
import java.time.Duration;

/// The writing side of a connection's socket. Used by one thread at a time, which blocks while the
/// client does not read.
///
/// The registry's thread looks at a write that takes long. A client has the patience to take
/// something, whatever it is: that the system has room for more is not known soon enough of one
/// that reads slowly. What such a write holds is entered in the ledger, by that thread, so that an
/// ordinary one costs nothing there.
public final class SocketOutput implements WireBuffer.Sink {
    private static final int SLICE = 64 * 1024;
    private static final int TURN = 128 * 1024;

    /// A socket's buffer takes so much while there is nothing in it.
    private static final int SURE = 16 * 1024;

    /// What a write that waits holds: its buffer, and the stack of its thread.
    private static final int WAITING = 20 * 1024;

    /// What is entered at a time, so that the room for what is small serves for this as well.
    private static final int STEP = Ledger.CONNECTION;

    /// How many times a write is looked at before its client is out of patience.
    private static final int LOOKS = 4;

    private final Socket socket;
    private final Registry registry;
    private final long patience;
    private final boolean inner;

    /// When what is being written was begun, 0 when nothing is.
    private volatile long since;

    private int writtenInTurn;

    /// What the client may not have taken yet, at most.
    private volatile long unseen;

    // Of the registry's thread.
    private long watched;
    private long nextLook;
    private long lastProgress;
    private long acknowledged;

    // Of the registry's thread until the end; guarded by this.
    private volatile long entered;
    private boolean over;

    /// @param patience for the client to take something
    SocketOutput(Socket socket, Registry registry, Duration patience) {
        this.socket = socket;
        this.registry = registry;
        this.patience = patience.toNanos();
        this.inner = socket.isInner();
    }

    @Override
    public void write(byte[] bytes, int length) {
        write(ByteBuffer.wrap(bytes, 0, length));
    }

    @Override
    public void write(ByteBuffer bytes) {
        int end = bytes.limit();
        try {
            while (bytes.position() < end) {
                int slice = Math.min(SLICE, end - bytes.position());
                since = registry.now();
                socket.write(bytes.limit(bytes.position() + slice));
                sent(slice);
            }
        } finally {
            since = 0;
        }
    }

    @Override
    public void write(FileRange file, long from, long count) {
        try {
            for (long done = 0; done < count; done += SLICE) {
                int slice = (int) Math.min(SLICE, count - done);
                since = registry.now();
                socket.write(file, from + done, slice);
                sent(slice);
            }
        } finally {
            since = 0;
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes at a time
    private void sent(int slice) {
        if (!inner) {
            registry.sent(slice);
        }
        unseen += slice;
        takeTurns(slice);
    }

    /// Whether so many bytes can be written without waiting for the client; a guess that errs on
    /// the side of no. For who is about to write.
    ///
    /// The system is asked only when what was written since it was asked last may fill a socket's
    /// buffer; another connection each time, which keeps small pieces at more than their bytes.
    public boolean takesAtOnce(long bytes) {
        if (bytes > SURE) {
            return false;
        }
        if (unseen + bytes > SURE || inner) {
            unseen = socket.unacknowledged();
        }
        return unseen + bytes <= SURE;
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

    /// Registry thread: whether the client has taken nothing for too long.
    boolean isLate(long now) {
        long begun = since;
        if (begun == 0 || now - begun < patience / LOOKS) {
            return false;
        }
        if (begun != watched) {
            watched = begun;
            acknowledged = -1;
            nextLook = now;
        }
        return now - nextLook >= 0 && !hasProgress(now) && now - lastProgress >= patience;
    }

    private boolean hasProgress(long now) {
        nextLook = now + patience / LOOKS;
        long before = acknowledged;
        acknowledged = socket.acknowledged();
        boolean progress = acknowledged != before;
        if (progress) {
            lastProgress = now;
        }
        return progress;
    }

    /// Registry thread: whether a write holds something for longer than a moment, or what it held
    /// has not been given back.
    boolean holds(long now) {
        return waits(now) || entered != 0;
    }

    private boolean waits(long now) {
        long begun = since;
        return begun != 0 && now - begun > Registry.TICK.toNanos();
    }

    /// Registry thread: enters in the ledger what a write holds that waits for the client, and
    /// gives it back when none does.
    ///
    /// @param pending bytes of the heap that wait behind it
    /// @return false when there is no room for it
    boolean enter(long now, long pending) {
        return enter(waits(now) ? WAITING + pending : 0);
    }

    private synchronized boolean enter(long wanted) {
        if (over) {
            return true;
        }
        Ledger ledger = registry.ledger();
        while (entered < wanted) {
            long step = Math.min(STEP, wanted - entered);
            if (!ledger.take(step)) {
                return false;
            }
            entered += step;
        }
        ledger.giveBack(entered - wanted);
        entered = wanted;
        return true;
    }

    /// The connection is over: nothing is written any more.
    synchronized void end() {
        registry.ledger().giveBack(entered);
        entered = 0;
        over = true;
    }
}
