package io.spvn.bridge.python;

import io.spvn.bridge.foreign.Words;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.function.LongSupplier;

/// How long a loop of libuv has waited for events in all, as `uv_metrics_idle_time` tells any
/// thread. The loop must be open.
public final class IdleTime implements LongSupplier {
    private static final MethodHandle CALL = Words.call(1);

    private final MemorySegment function;
    private final long loop;

    /// @param function address of `uv_metrics_idle_time` in the library that runs the loop
    /// @param loop address of the `uv_loop_t`
    public IdleTime(long function, long loop) {
        this.function = MemorySegment.ofAddress(function);
        this.loop = loop;
    }

    @Override
    public long getAsLong() {
        try {
            return (long) CALL.invokeExact(function, loop);
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
