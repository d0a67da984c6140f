package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class WorkerLifeTest {
    private final WorkerLife life = new WorkerLife();

    @Test
    void move_alongTheTable_isMade() {
        assertTrue(life.move(WorkerState.BOOTING));
        assertTrue(life.move(WorkerState.SERVING));
        assertTrue(life.move(WorkerState.STOPPING));
        assertTrue(life.move(WorkerState.ENDED));
    }

    @Test
    void move_besideTheTable_isRefused() {
        assertFalse(life.move(WorkerState.SERVING));
        life.move(WorkerState.ENDED);
        assertFalse(life.move(WorkerState.BOOTING));
        assertEquals(WorkerState.ENDED, life.now());
    }

    @Test
    void await_reachedByAnotherThread_returnsTrue() throws InterruptedException {
        life.move(WorkerState.BOOTING);
        Thread mover = Thread.startVirtualThread(() -> life.move(WorkerState.SERVING));
        assertTrue(life.await(WorkerState.SERVING, Duration.ofSeconds(5)));
        mover.join();
    }

    @Test
    void await_laterState_counts() throws InterruptedException {
        life.move(WorkerState.ENDED);
        assertTrue(life.await(WorkerState.SERVING, Duration.ofMillis(1)));
    }

    @Test
    void await_notReached_returnsFalse() throws InterruptedException {
        assertFalse(life.await(WorkerState.SERVING, Duration.ofMillis(5)));
    }
}
