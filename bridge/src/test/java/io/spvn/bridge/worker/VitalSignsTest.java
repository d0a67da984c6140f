package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class VitalSignsTest {
    private final Pulse pulse = new Pulse();
    private final AtomicInteger wakes = new AtomicInteger();
    private final List<String> log = new CopyOnWriteArrayList<>();

    private VitalSigns signs(Duration hangTimeout) {
        return new VitalSigns(3, pulse, wakes::incrementAndGet, hangTimeout, List::of, log::add);
    }

    @Test
    void tick_asksOnceUntilThereIsAnAnswer() {
        VitalSigns signs = signs(Duration.ZERO);
        signs.tick();
        signs.tick();
        assertEquals(1, wakes.get());
        assertTrue(pulse.asked());
    }

    @Test
    void status_isOfThisMoment() {
        VitalSigns signs = signs(Duration.ZERO);
        signs.tick();
        WorkerStatus first = signs.status(3, WorkerState.SERVING, 7);
        WorkerStatus second = signs.status(3, WorkerState.STOPPING, 0);
        assertEquals(3, first.worker());
        assertEquals(7, first.inFlight());
        assertTrue(first.serving());
        assertFalse(second.serving());
        assertTrue(second.loopLag().compareTo(first.loopLag()) > 0); // the question is still open
        assertTrue(second.busy().compareTo(first.busy()) > 0); // and the loop has not rested
    }

    @Test
    void rests_isNoTimeAtWork() {
        VitalSigns signs = signs(Duration.ZERO);
        signs.rests();
        Duration busy = signs.status(3, WorkerState.SERVING, 0).busy();
        assertEquals(busy, signs.status(3, WorkerState.SERVING, 0).busy());
        signs.goesOn();
        assertTrue(signs.status(3, WorkerState.SERVING, 0).busy().compareTo(busy) > 0);
    }

    @Test
    void hang_isReportedWithTheStackThatWasAskedFor() {
        VitalSigns signs = signs(Duration.ofNanos(1));
        assertTrue(signs.watched());
        signs.watchedBy(() -> signs.stackTaken("the stack", -1));
        while (log.isEmpty()) {
            signs.tick();
        }
        assertTrue(log.getFirst().startsWith("worker 3 has been blocked for "), log.getFirst());
        assertTrue(log.getFirst().endsWith("\nthe stack"), log.getFirst());
        assertTrue(signs.status(3, WorkerState.SERVING, 0).hung());
    }

    @Test
    void hang_isNoneWithoutATimeout() {
        VitalSigns signs = signs(Duration.ZERO);
        assertFalse(signs.watched());
        signs.tick();
        assertFalse(signs.status(3, WorkerState.SERVING, 0).hung());
    }
}
