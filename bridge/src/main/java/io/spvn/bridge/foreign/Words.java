package io.spvn.bridge.foreign;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/// Handles of C functions whose arguments and results are integers and pointers: words of 64 bits,
/// as the calling conventions pass them whatever their C types (System V AMD64 ABI 3.2.3, AAPCS64
/// 6.8.2). A result that is narrower is the low part of its word; where a function has none, the
/// word means nothing.
///
/// Java makes code for each shape of call when that is first needed, some 10 ms of processor time of
/// a start, and a millisecond more for a handle of each function. So there are few shapes, and the
/// function is the first argument of their handles:
///
///     (long) Words.call(2).invokeExact(function, first, second)
///
/// Handles are to be kept in constants. Any thread.
public final class Words {
    private static final Linker LINKER = Linker.nativeLinker();

    private Words() {}

    /// Of functions with so many arguments, six at most: `(MemorySegment, long...)long`.
    public static MethodHandle call(int arguments, Linker.Option... options) {
        MemoryLayout[] words = new MemoryLayout[arguments];
        Arrays.fill(words, JAVA_LONG);
        return LINKER.downcallHandle(FunctionDescriptor.of(JAVA_LONG, words), options);
    }

    /// Of functions that neither block nor call Java again: they hold up the safepoints of the JVM
    /// while they run, and cost less.
    public static MethodHandle leaf(int arguments) {
        return call(arguments, Linker.Option.critical(false));
    }

    /// Has Java make the code for the shapes that most functions have: for a thread beside others
    /// that need none of them yet.
    public static void makeReady() {
        MemorySegment harmless = ofC("labs");
        try {
            long _ = (long) call(0).invokeExact(harmless);
            long _ = (long) call(1).invokeExact(harmless, 0L);
            long _ = (long) call(2).invokeExact(harmless, 0L, 0L);
            long _ = (long) call(3).invokeExact(harmless, 0L, 0L, 0L);
            long _ = (long) call(4).invokeExact(harmless, 0L, 0L, 0L, 0L);
            long _ = (long) call(5).invokeExact(harmless, 0L, 0L, 0L, 0L, 0L);
            long _ = (long) leaf(0).invokeExact(harmless);
            long _ = (long) leaf(1).invokeExact(harmless, 0L);
            long _ = (long) leaf(2).invokeExact(harmless, 0L, 0L);
            long _ = (long) leaf(3).invokeExact(harmless, 0L, 0L, 0L);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    /// A function of the C library.
    ///
    /// @throws java.util.NoSuchElementException when it has none of that name
    public static MemorySegment ofC(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }
}
