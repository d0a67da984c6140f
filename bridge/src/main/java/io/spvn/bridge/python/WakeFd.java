package io.spvn.bridge.python;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.spvn.bridge.foreign.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The descriptor (an eventfd or the writing end of a pipe) that a Python event loop watches. It is
/// a copy that is never closed, since a thread may be about to write it: each loop there ever was
/// costs one. Any thread may wake; the descriptor never blocks.
public final class WakeFd {
    private static final MethodHandle CALL = Words.call(3);
    private static final MemorySegment WRITE = Words.ofC("write");

    /// The 64-bit count of one that an eventfd takes; a pipe's reader only sees that bytes came.
    private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_LONG, 1L);

    private static final MethodHandle VARIADIC = Words.call(3, Linker.Option.firstVariadicArg(2));
    private static final MemorySegment FCNTL = Words.ofC("fcntl");

    private static final long F_DUPFD_CLOEXEC =
            System.getProperty("os.name").equals("Linux") ? 1030 : 67;

    private final int descriptor;

    private WakeFd(int descriptor) {
        this.descriptor = descriptor;
    }

    /// A copy of `descriptor`, so that Python may close its own while others still wake. Programs
    /// that the app starts do not inherit it.
    public static WakeFd copyOf(int descriptor) {
        try {
            int copy =
                    (int)
                            (long)
                                    VARIADIC.invokeExact(
                                            FCNTL, (long) descriptor, F_DUPFD_CLOEXEC, 0L);
            if (copy < 0) {
                throw new PythonFailure("no file descriptor left for a worker");
            }
            return new WakeFd(copy);
        } catch (PythonFailure failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// Wakes the loop. A full pipe is as good as a written one, so the result does not matter.
    public void wake() {
        try {
            @SuppressWarnings("unused")
            long written =
                    (long)
                            CALL.invokeExact(
                                    WRITE, (long) descriptor, ONE.address(), ONE.byteSize());
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
