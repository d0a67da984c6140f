package io.spvn.server.connection;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Write buffers that wait for their next response. A response takes one while it is written, so
/// there are as many in use as writes under way, not as connections. For any thread.
public final class BufferPool {
    private static final int CAPACITY = 16 * 1024;
    private static final int KEPT = 64;

    private final int capacity;
    private final BlockingQueue<WireBuffer> idle;

    /// Of buffers that fit most responses.
    public BufferPool() {
        this(CAPACITY, KEPT);
    }

    /// @param capacity of a buffer
    /// @param kept buffers at most
    public BufferPool(int capacity, int kept) {
        this.capacity = capacity;
        this.idle = new ArrayBlockingQueue<>(kept);
    }

    /// Has a buffer filled, and written to `sink`.
    public void use(WireBuffer.Sink sink, Consumer<WireBuffer> content) {
        WireBuffer out = take(sink);
        try {
            content.accept(out);
            out.flush();
        } finally {
            giveBack(out);
        }
    }

    private WireBuffer take(WireBuffer.Sink sink) {
        @Nullable WireBuffer kept = idle.poll();
        WireBuffer buffer = kept == null ? new WireBuffer(capacity) : kept;
        buffer.attach(sink);
        return buffer;
    }

    private void giveBack(WireBuffer buffer) {
        buffer.detach();
        boolean keep = idle.offer(buffer);
        assert keep || idle.remainingCapacity() == 0;
    }
}
