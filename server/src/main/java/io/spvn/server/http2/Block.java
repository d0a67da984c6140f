package io.spvn.server.http2;

import java.util.Arrays;

/// Bytes that grow: where an encoder puts field blocks. Used by one thread at a time, and kept from
/// block to block, so that it grows only once.
final class Block {
    private byte[] array;
    private int length;

    Block(int expectedLength) {
        this.array = new byte[expectedLength];
    }

    Block() {
        this(256);
    }

    /// What has been put, up to [#length]. Another array once more has been put.
    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }

    void clear() {
        length = 0;
    }

    void put(int octet) {
        reserve(1);
        array[length++] = (byte) octet;
    }

    void put(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, array, length, to - from);
        length += to - from;
    }

    /// Makes sure that so many bytes more can be put without growing.
    void reserve(int more) {
        if (array.length - length < more) {
            array = Arrays.copyOf(array, Math.max(Math.addExact(length, more), 2 * length));
        }
    }
}
