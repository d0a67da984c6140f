package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WorkerStateTest {
    private final WorkerState state = new WorkerState();

    @Test
    void move_alongTheTable_isMade() {
        assertTrue(state.move(WorkerState.State.BOOTING));
        assertTrue(state.move(WorkerState.State.SERVING));
        assertTrue(state.move(WorkerState.State.STOPPING));
        assertTrue(state.move(WorkerState.State.ENDED));
    }

    @Test
    void move_besideTheTable_isRefused() {
        assertFalse(state.move(WorkerState.State.SERVING));
        state.move(WorkerState.State.ENDED);
        assertFalse(state.move(WorkerState.State.BOOTING));
        assertEquals(WorkerState.State.ENDED, state.now());
    }

    @Test
    void await_reachedByAnotherThread_returnsTrue() throws InterruptedException {
        state.move(WorkerState.State.BOOTING);
        Thread mover = Thread.startVirtualThread(() -> state.move(WorkerState.State.SERVING));
        assertTrue(state.await(WorkerState.State.SERVING, Duration.ofSeconds(5)));
        mover.join();
    }

    @Test
    void await_laterState_counts() throws InterruptedException {
        state.move(WorkerState.State.ENDED);
        assertTrue(state.await(WorkerState.State.SERVING, Duration.ofMillis(1)));
    }

    @Test
    void await_notReached_returnsFalse() throws InterruptedException {
        assertFalse(state.await(WorkerState.State.SERVING, Duration.ofMillis(5)));
    }
}
