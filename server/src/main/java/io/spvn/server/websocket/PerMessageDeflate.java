package io.spvn.server.websocket;

import java.util.concurrent.atomic.AtomicBoolean;

/// The compression that was agreed on for one WebSocket (RFC 7692): its reader and its writer are
/// made with it. Whoever agreed closes it, when nothing is read any more.
public final class PerMessageDeflate implements AutoCloseable {
    static final int MIN_WINDOW_BITS = 8;
    static final int MAX_WINDOW_BITS = 15;

    private final DeflateContexts contexts;
    private final DeflateOffer agreed;
    private final long reserved;
    private final MessageInflater inflater;
    private final MessageDeflater deflater;
    private final AtomicBoolean closed = new AtomicBoolean();

    PerMessageDeflate(DeflateContexts contexts, DeflateOffer agreed, long reserved) {
        this.contexts = contexts;
        this.agreed = agreed;
        this.reserved = reserved;
        this.inflater = new MessageInflater(contexts, !agreed.clientNoContextTakeover());
        this.deflater =
                new MessageDeflater(
                        contexts, !agreed.serverNoContextTakeover(), agreed.serverWindowBits());
    }

    /// The value of `Sec-WebSocket-Extensions` in the answer.
    String answer() {
        return agreed.answer();
    }

    MessageInflater inflater() {
        return inflater;
    }

    MessageDeflater deflater() {
        return deflater;
    }

    /// Gives back what is off the heap. The reader's thread; a message that is being written
    /// meanwhile goes out, the next one would go out as it is.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            inflater.close();
            deflater.close();
            contexts.giveBack(reserved);
        }
    }
}
