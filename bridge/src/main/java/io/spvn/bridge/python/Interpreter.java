package io.spvn.bridge.python;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import jep.Jep;
import org.jspecify.annotations.Nullable;

/// One interpreter of the runtime, bound to the platform thread that opened it.
///
/// Jep holds the thread state detached between its calls, so C API work happens inside [#enter]:
/// Python code run by Jep calls a Java stub by its address, and within that call the thread holds
/// the GIL. It is never closed: it ends with the process, which is what lets it have daemon
/// threads.
public final class Interpreter {
    private final Jep jep;

    Interpreter(Jep jep) {
        this.jep = jep;
    }

    /// Runs `body` with the GIL held, on the calling thread, and returns when it has ended. What
    /// `body` throws is thrown on.
    public void enter(Runnable body) {
        Entry entry = new Entry(body);
        try (Arena arena = Arena.ofConfined()) {
            long stub = entry.stub(arena);
            // PYFUNCTYPE, unlike CFUNCTYPE, keeps the GIL during the call.
            jep.exec("import ctypes as _c; _c.PYFUNCTYPE(_c.c_int)(" + stub + ")(); del _c");
        }
        entry.rethrow();
    }

    /// The body of one [#enter], with what it threw: nothing may leave an upcall as an exception.
    private static final class Entry {
        private final Runnable body;
        private @Nullable Throwable failure;

        Entry(Runnable body) {
            this.body = body;
        }

        long stub(Arena arena) {
            MemorySegment stub =
                    Linker.nativeLinker()
                            .upcallStub(handle(), FunctionDescriptor.of(JAVA_INT), arena);
            return stub.address();
        }

        private MethodHandle handle() {
            try {
                return MethodHandles.lookup().bind(this, "call", MethodType.methodType(int.class));
            } catch (ReflectiveOperationException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @SuppressWarnings("unused") // called through its handle
        int call() {
            try {
                body.run();
                return 0;
            } catch (Throwable thrown) {
                failure = thrown;
                return -1;
            }
        }

        void rethrow() {
            switch (failure) {
                case null -> {}
                case RuntimeException thrown -> throw thrown;
                case Error thrown -> throw thrown;
                case Throwable thrown -> throw new IllegalStateException(thrown);
            }
        }
    }
}
