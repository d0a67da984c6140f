package io.spvn.bridge.python;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Makes `str` objects from UTF-8 bytes of the network, with U+FFFD for what is not UTF-8.
///
/// Owned by one worker thread; its native buffer, for texts that are not large, is freed with the
/// garbage collector's help when the worker is gone.
public final class Utf8Decoder {
    private static final long REPLACE = CPython.constant("replace");

    private static final byte[] NOTHING = {};

    private static final int LARGE = 16 * 1024;

    private final MemorySegment buffer = Arena.ofAuto().allocate(LARGE);

    /// New `str`.
    public long text(byte[] text) {
        return text(NOTHING, text);
    }

    /// New `str` of `first` followed by `second`.
    public long text(byte[] first, byte[] second) {
        int size = first.length + second.length;
        return size > LARGE ? large(first, second) : decode(first, second, buffer.address());
    }

    private static long large(byte[] first, byte[] second) {
        long bytes = Values.require(CPython.bytesNew(0, (long) first.length + second.length));
        try {
            return decode(first, second, CPython.bytesAddress(bytes));
        } finally {
            CPython.decRef(bytes);
        }
    }

    /// @param address of room for both
    private static long decode(byte[] first, byte[] second, long address) {
        CPython.write(first, 0, address, first.length);
        CPython.write(second, 0, address + first.length, second.length);
        int size = first.length + second.length;
        return Values.require(CPython.unicodeDecode(address, size, REPLACE));
    }
}
