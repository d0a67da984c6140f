package io.spvn.server.http2;

import io.spvn.bridge.asgi.Payload;

/// Some bytes of a payload, which somebody else releases.
///
/// @param from the first of them
record Slice(Payload whole, long from, long length) implements Payload {
    @Override
    public void copyTo(long at, byte[] target, int to, int count) {
        whole.copyTo(from + at, target, to, count);
    }

    @Override
    public int heapBytes() {
        return 0;
    }

    /// Nothing to give back.
    @Override
    public void release() {}
}
