package io.spvn.bridge.asgi;

import java.nio.ByteBuffer;

/// Bytes of the Java heap: the garbage collector owns them.
final class HeapPayload implements Payload {
    private final byte[] bytes;

    HeapPayload(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    public long length() {
        return bytes.length;
    }

    @Override
    public void copyTo(long from, byte[] target, int at, int count) {
        System.arraycopy(bytes, Math.toIntExact(from), target, at, count);
    }

    @Override
    public ByteBuffer view(long from, int count) {
        return ByteBuffer.wrap(bytes, Math.toIntExact(from), count);
    }

    @Override
    public int heapBytes() {
        return bytes.length;
    }

    /// Nothing to give back.
    @Override
    public void release() {}
}
