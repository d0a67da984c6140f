package io.spvn.bridge.python;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Makes `str` objects from UTF-8 bytes of the network, with U+FFFD for what is not UTF-8.
///
/// Owned by one worker thread; its native buffer grows to the longest text seen and is freed with
/// the garbage collector's help when the worker is gone.
public final class Utf8Decoder {
    private static final long REPLACE = CPython.constant("replace");

    private static final byte[] NOTHING = {};

    private MemorySegment buffer = Arena.ofAuto().allocate(4096);

    /// New `str`.
    public long text(byte[] text) {
        return text(NOTHING, text);
    }

    /// New `str` of `first` followed by `second`.
    public long text(byte[] first, byte[] second) {
        int size = first.length + second.length;
        if (size > buffer.byteSize()) {
            buffer = Arena.ofAuto().allocate(Integer.highestOneBit(size) * 2L);
        }
        long address = buffer.address();
        CPython.write(first, 0, address, first.length);
        CPython.write(second, 0, address + first.length, second.length);
        return Values.require(CPython.unicodeDecode(address, size, REPLACE));
    }
}
