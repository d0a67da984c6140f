package io.spvn.bridge.exchange;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Work that many threads ask for, and that one does at a time: when calls overlap, the first does
/// the work of all, and the others return at once. For any thread; waits for nobody.
public final class Combiner {
    private static final VarHandle CALLS = calls();

    @SuppressWarnings("UnusedVariable") // by the handle
    private volatile int calls;

    /// One that nobody has asked anything of.
    public Combiner() {}

    private static VarHandle calls() {
        try {
            return MethodHandles.lookup().findVarHandle(Combiner.class, "calls", int.class);
        } catch (ReflectiveOperationException missing) {
            throw new ExceptionInInitializerError(missing);
        }
    }

    /// Has the work done, once at least from now on.
    ///
    /// @param work the same with each call; it does all there is
    public void run(Runnable work) {
        if ((int) CALLS.getAndAdd(this, 1) != 0) {
            return;
        }
        int heard;
        do {
            heard = calls; // who has called until now is served by what follows
            work.run();
        } while ((int) CALLS.getAndAdd(this, -heard) != heard);
    }
}
