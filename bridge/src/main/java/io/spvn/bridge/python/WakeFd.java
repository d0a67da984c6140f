package io.spvn.bridge.python;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The descriptor (an eventfd or the writing end of a pipe) that a Python event loop watches.
/// Python owns and closes it. Any thread may wake; the descriptor never blocks.
public final class WakeFd {
    private static final MethodHandle WRITE =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("write"),
                            FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));

    /// The 64-bit count of one that an eventfd takes; a pipe's reader only sees that bytes came.
    private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1L);

    private final int descriptor;

    public WakeFd(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Wakes the loop. A full pipe is as good as a written one, so the result does not matter.
    public void wake() {
        try {
            @SuppressWarnings("unused")
            long written = (long) WRITE.invokeExact(descriptor, ONE.address(), ONE.byteSize());
        } catch (Throwable broken) {
            throw new AssertionError(broken);
        }
    }
}
