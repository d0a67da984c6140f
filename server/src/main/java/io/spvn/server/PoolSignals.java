package io.spvn.server;

import io.spvn.bridge.worker.WorkerPool;

/// What signals ask of a pool whose workers can be replaced.
record PoolSignals(WorkerPool pool) implements StopSignals.Crew {
    @Override
    public void roll(Runnable told) {
        pool.roll(told);
    }

    @Override
    public void resize(int change) {
        pool.resize(change);
    }
}
