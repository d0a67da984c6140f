package io.spvn.bridge.worker;

import io.spvn.bridge.worker.WorkerSettings.Supervision;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// A pool of workers that can be replaced. Time is the test's; it passes with [#pass].
abstract class SupervisedFixture extends PoolFixture {
    static final Boot EXIT = new Boot(Boot.Outcome.EXITED, "exit code 3", "", "");
    static final Duration LONG = Duration.ofMinutes(1);

    void pass(WorkerPool pool, Duration time) {
        clock.addAndGet(time.toNanos());
        pool.tick();
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("it has not come to that in time");
            }
            Thread.onSpinWait();
        }
    }

    void awaitMade(WorkerPool pool, int count) {
        await(() -> workers.made.size() == count && allServe(pool));
    }

    static boolean allServe(WorkerPool pool) {
        return states(pool).stream().allMatch(state -> state == WorkerState.SERVING);
    }

    WorkerPool supervised(int size, Supervision supervision) throws InterruptedException {
        WorkerPool pool = pool(Settings.of(size, Isolation.PROCESS, supervision));
        pool.start();
        return pool;
    }
}
