package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.python.CPython;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/// A large `bytes` or `str` object of the app, written straight from Python's memory.
///
/// It owns one reference, so the memory stays valid, and neither kind ever changes, so a responder
/// may copy it without the GIL. The reference goes back to the worker, which gives it up on its own
/// thread.
final class PinnedMemory implements Payload {
    private final long object;
    private final long address;
    private final long length;
    private final LongConsumer giveBack;
    private final AtomicBoolean released = new AtomicBoolean();

    /// Takes its own reference to `object`.
    ///
    /// @param address where its bytes are, for as long as it is there
    /// @param giveBack takes that reference, on any thread; does not block
    PinnedMemory(long object, long address, long length, LongConsumer giveBack) {
        CPython.incRef(object);
        this.object = object;
        this.address = address;
        this.length = length;
        this.giveBack = giveBack;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public void copyTo(long from, byte[] target, int at, int count) {
        requireWithin(from, count);
        CPython.read(address + from, target, at, count);
    }

    @Override
    public ByteBuffer view(long from, int count) {
        requireWithin(from, count);
        return CPython.view(address + from, count);
    }

    private void requireWithin(long from, int count) {
        if (from < 0 || count < 0 || count > length - from || released.get()) {
            throw new IndexOutOfBoundsException("bytes " + from + " + " + count + " of " + length);
        }
    }

    @Override
    public int heapBytes() {
        return 0;
    }

    @Override
    public void release() {
        if (released.compareAndSet(false, true)) {
            giveBack.accept(object);
        }
    }
}
