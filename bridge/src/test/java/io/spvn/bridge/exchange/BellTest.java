package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BellTest {
    private final AtomicInteger rung = new AtomicInteger();
    private final Bell bell = new Bell();

    @Test
    void ring_beforeThereIsAnythingToWakeWith_wakesNobody() {
        bell.sleep();
        assertFalse(bell.ring());
        assertEquals(0, rung.get());
    }

    @Test
    void open_meansAsleep() {
        bell.open(rung::incrementAndGet);
        assertTrue(bell.asleep());
        assertTrue(bell.ring());
        assertEquals(1, rung.get());
    }

    @Test
    void ring_whileAwake_costsNothing() {
        bell.open(rung::incrementAndGet);
        bell.rise();
        assertFalse(bell.ring());
        assertEquals(0, rung.get());
    }

    @Test
    void ring_oncePerSleep() {
        bell.open(rung::incrementAndGet);
        assertTrue(bell.ring());
        assertFalse(bell.ring());
        assertFalse(bell.asleep());
        bell.sleep();
        assertTrue(bell.ring());
        assertEquals(2, rung.get());
    }

    @Test
    void rise_tellsWhetherTheBellWasRungAlready() {
        bell.open(rung::incrementAndGet);
        bell.ring();
        assertFalse(bell.rise());
        bell.sleep();
        assertTrue(bell.rise());
    }

    @Test
    void close_nobodyIsWokenAnyMore() {
        bell.open(rung::incrementAndGet);
        bell.close();
        assertFalse(bell.asleep());
        bell.sleep();
        assertFalse(bell.ring());
        assertEquals(0, rung.get());
    }
}
