package io.spvn.server.tls;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/// Room for records on their way out. An engine asks for that of the largest one each time, so what
/// is under way shares it: there are as many in use as writes, not as connections. For any thread.
final class RecordBuffers {
    /// The largest record: 16 KiB, with what Java may put around them.
    static final int SIZE = 16 * 1024 + 512;

    private static final int KEPT = 64;

    private final BlockingQueue<byte[]> idle = new ArrayBlockingQueue<>(KEPT);

    byte[] take() {
        byte @Nullable [] kept = idle.poll();
        return kept == null ? new byte[SIZE] : kept;
    }

    void giveBack(byte[] buffer) {
        boolean keep = idle.offer(buffer);
        assert keep || idle.remainingCapacity() == 0;
    }
}
