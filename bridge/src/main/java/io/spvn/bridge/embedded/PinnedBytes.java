package io.spvn.bridge.embedded;

import io.spvn.bridge.asgi.Payload;
import io.spvn.bridge.python.CPython;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/// A large `bytes` object of the app, written straight from Python's memory.
///
/// It owns one reference, so the memory stays valid, and bytes never change, so a responder may
/// copy them without the GIL. The reference goes back to the worker, which gives it up on its own
/// thread.
final class PinnedBytes implements Payload {
    private final long object;
    private final long address;
    private final long length;
    private final LongConsumer giveBack;
    private final AtomicBoolean released = new AtomicBoolean();

    /// Takes its own reference to `object`, an exact or derived `bytes`.
    ///
    /// @param giveBack takes that reference, on any thread; does not block
    PinnedBytes(long object, long length, LongConsumer giveBack) {
        CPython.incRef(object);
        this.object = object;
        this.address = CPython.bytesAddress(object);
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
