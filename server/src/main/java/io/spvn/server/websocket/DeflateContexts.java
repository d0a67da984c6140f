package io.spvn.server.websocket;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/// The contexts of compression of all WebSockets, which are off the heap: how many may be kept from
/// one message to the next, and idle ones for who keeps none. One for the server; for any thread.
///
/// A context that is kept is what makes short messages small, and costs more than all else of an
/// idle connection. So there is a budget of them, and whether a connection gets its two is decided
/// when it is opened, for that is when it can be said. Beyond the budget both ends begin each
/// message anew, and one is borrowed for as long as the processor has to do with a message.
public final class DeflateContexts implements AutoCloseable {
    /// What zlib takes for one: measured.
    static final long DEFLATER = 214L * 1024;

    static final long INFLATER = 41L * 1024;

    private static final int KEPT = 16;

    /// Fast, as messages wait for it; what matters more for their size is the history.
    private static final int LEVEL = Deflater.BEST_SPEED;

    private final long budget;
    private final AtomicLong reserved = new AtomicLong();
    private final BlockingQueue<Deflater> deflaters = new ArrayBlockingQueue<>(KEPT);
    private final BlockingQueue<Inflater> inflaters = new ArrayBlockingQueue<>(KEPT);
    private volatile boolean closed;

    /// @param budget bytes off the heap for contexts that are kept
    public DeflateContexts(long budget) {
        this.budget = budget;
    }

    /// Agrees with a client on the first of its offers that can be kept. Who gets it closes it.
    ///
    /// @return null when there is none
    public @Nullable PerMessageDeflate agree(List<Extension> offers) {
        for (Extension offer : offers) {
            DeflateOffer wish = DeflateOffer.of(offer);
            if (wish != null) {
                return agree(wish);
            }
        }
        return null;
    }

    private PerMessageDeflate agree(DeflateOffer wish) {
        long wanted =
                (wish.serverNoContextTakeover() ? 0 : DEFLATER)
                        + (wish.clientNoContextTakeover() ? 0 : INFLATER);
        if (reserve(wanted)) {
            return new PerMessageDeflate(this, wish, wanted);
        }
        return new PerMessageDeflate(this, wish.withoutTakeover(), 0);
    }

    private boolean reserve(long bytes) {
        if (reserved.addAndGet(bytes) <= budget) {
            return true;
        }
        reserved.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        reserved.addAndGet(-bytes);
    }

    /// Bytes of the budget that are spoken for.
    public long reserved() {
        return reserved.get();
    }

    /// A deflater without a history, for who gives it back.
    Deflater deflater() {
        @Nullable Deflater idle = deflaters.poll();
        return idle == null ? new Deflater(LEVEL, true) : idle;
    }

    /// An inflater without a history, for who gives it back.
    Inflater inflater() {
        @Nullable Inflater idle = inflaters.poll();
        return idle == null ? new Inflater(true) : idle;
    }

    void giveBack(Deflater deflater) {
        deflater.reset();
        if (closed || !deflaters.offer(deflater)) {
            deflater.end();
        } else if (closed) {
            endIdle();
        }
    }

    void giveBack(Inflater inflater) {
        inflater.reset();
        if (closed || !inflaters.offer(inflater)) {
            inflater.end();
        } else if (closed) {
            endIdle();
        }
    }

    /// Idle ones.
    int idle() {
        return deflaters.size() + inflaters.size();
    }

    /// A long message must not keep a carrier thread to itself: virtual threads are not preempted.
    @SuppressWarnings("ThreadPriorityCheck") // fairness needs it, correctness does not
    void takeTurns() {
        Thread.yield();
    }

    /// Ends the idle ones, and those in use when they are given back.
    @Override
    public void close() {
        closed = true;
        endIdle();
    }

    private void endIdle() {
        for (Deflater idle = deflaters.poll(); idle != null; idle = deflaters.poll()) {
            idle.end();
        }
        for (Inflater idle = inflaters.poll(); idle != null; idle = inflaters.poll()) {
            idle.end();
        }
    }
}
