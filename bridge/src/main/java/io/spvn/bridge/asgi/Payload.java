package io.spvn.bridge.asgi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Body bytes on their way to the wire, wherever they live. They are copied out in pieces and
/// released once, by whoever took them over.
public interface Payload {
    Payload EMPTY = of(new byte[0]);

    long length();

    /// Copies `count` bytes, from byte `from` of this payload on, to `target` at index `at`.
    void copyTo(long from, byte[] target, int at, int count);

    /// Some of its bytes as they lie, to be written without a copy of them; null where they cannot
    /// be had so. Of no use once this has been released.
    default @Nullable ByteBuffer view(long from, int count) {
        return null;
    }

    /// How many of its bytes are in the heap; those of the app's own objects are not.
    int heapBytes();

    /// Gives back what this payload holds on to. Exactly once; the payload is dead afterwards.
    void release();

    /// A payload over bytes of the heap. They are not copied and need no release.
    static Payload of(byte[] bytes) {
        return new HeapPayload(bytes);
    }
}
