package io.spvn.server.connection;

import io.spvn.bridge.asgi.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/// A connection whose client is the test: what it sends is a queue of steps, each of which is done
/// in the read that takes it; and each write does a step of its own.
public final class FakeSocket implements Socket {
    long unacknowledged;
    private final BlockingQueue<Supplier<byte[]>> input = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private volatile Runnable onWrite = () -> {};
    private volatile Runnable onOutputEnd = () -> {};
    private volatile boolean open = true;
    volatile boolean unread;
    volatile Peers peers = new Peers("http", null, null);
    private volatile boolean reset;
    private volatile boolean aborted;
    private volatile boolean inputEnded;
    private final AtomicInteger outputEnds = new AtomicInteger();
    private final AtomicLong acknowledged = new AtomicLong();

    /// The client sends something, once `before` has been done.
    FakeSocket sends(Runnable before, byte[] piece) {
        input.add(
                () -> {
                    before.run();
                    return piece;
                });
        return this;
    }

    public FakeSocket sends(byte[] piece) {
        return sends(() -> {}, piece);
    }

    /// The client ends its side.
    FakeSocket ends() {
        input.add(() -> null);
        return this;
    }

    /// The client resets the connection.
    public void reset() {
        reset = true;
        input.add(FakeSocket::broken);
    }

    /// The client takes something.
    void takes(long bytes) {
        acknowledged.addAndGet(bytes);
    }

    void onWrite(Runnable step) {
        onWrite = step;
    }

    /// What happens while somebody waits for the end of the output.
    void onOutputEnd(Runnable step) {
        onOutputEnd = step;
    }

    public boolean isOpen() {
        return open;
    }

    boolean isAborted() {
        return aborted;
    }

    boolean hasInputEnded() {
        return inputEnded;
    }

    int outputEnds() {
        return outputEnds.get();
    }

    byte[] written() {
        return written.toByteArray();
    }

    @Override
    public byte[] read() {
        if (!open) {
            return broken();
        }
        try {
            return input.take().get();
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    @Override
    public void endInput() {
        inputEnded = true;
    }

    @Override
    public void write(ByteBuffer bytes) {
        onWrite.run();
        if (!open || reset) {
            broken();
        }
        byte[] taken = new byte[bytes.remaining()];
        bytes.get(taken);
        written.writeBytes(taken);
    }

    private static byte[] broken() {
        throw new UncheckedIOException(new IOException("broken"));
    }

    @Override
    public void endOutput() {
        if (reset && open) {
            broken();
        }
        outputEnds.incrementAndGet();
    }

    @Override
    public void awaitOutputEnd() {
        onOutputEnd.run();
    }

    @Override
    public long acknowledged() {
        return acknowledged.get();
    }

    @Override
    public long unacknowledged() {
        return unacknowledged;
    }

    @Override
    public boolean hasUnread() {
        return unread;
    }

    @Override
    public boolean hasReset() {
        return reset;
    }

    @Override
    public void close() {
        boolean first = open;
        open = false;
        input.add(FakeSocket::broken);
        if (first && reset) {
            broken();
        }
    }

    @Override
    public void abort() {
        aborted = true;
        open = false;
        input.add(FakeSocket::broken);
    }

    @Override
    public Peers peers() {
        return peers;
    }
}
