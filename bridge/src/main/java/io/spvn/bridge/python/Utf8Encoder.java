package io.spvn.bridge.python;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Finds the UTF-8 of `str` objects, which Python keeps with them. For one thread.
public final class Utf8Encoder {
    private final MemorySegment size;

    /// For as long as a worker; what it holds is freed with the garbage collector's help.
    public Utf8Encoder() {
        this(Arena.ofAuto());
    }

    /// For as long as `arena`.
    Utf8Encoder(Arena arena) {
        this.size = arena.allocate(ValueLayout.JAVA_LONG);
    }

    /// The address of the text's bytes, which are there as long as `string` is.
    ///
    /// @throws PythonException when there are surrogates among its characters
    public long address(long string) {
        return Values.require(CPython.unicodeAsUtf8(string, size.address()));
    }

    /// How many bytes the last text has.
    public long length() {
        return size.get(ValueLayout.JAVA_LONG, 0);
    }
}
