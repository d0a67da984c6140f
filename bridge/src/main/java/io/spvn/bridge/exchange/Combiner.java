package io.spvn.bridge.exchange;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

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
        if (take()) {
            boolean _ =
                    finish(
                            () -> {
                                work.run();
                                return true;
                            });
        }
    }

    /// Asks for the work without doing it.
    ///
    /// @return whether the turn is the caller's, who has it until [#finish] returns true: that, or
    ///   another thread that is handed the turn
    public boolean take() {
        return (int) CALLS.getAndAdd(this, 1) == 0;
    }

    /// Whether somebody has the turn.
    public boolean isTaken() {
        return calls != 0;
    }

    /// Has the work done by who has the turn, once at least, until nobody asks for it any more.
    ///
    /// @param work does all there is, or says false, which ends this with the turn still the
    ///   caller's
    /// @return false when the work did
    public boolean finish(BooleanSupplier work) {
        int heard;
        do {
            heard = calls; // who has called until now is served by what follows
            if (!work.getAsBoolean()) {
                return false;
            }
        } while ((int) CALLS.getAndAdd(this, -heard) != heard);
        return true;
    }
}
