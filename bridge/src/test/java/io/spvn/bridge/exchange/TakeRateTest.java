package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TakeRateTest {
    private static final long TICK = 50_000_000;
    private static final long SECOND = 1_000_000_000;

    private final TakeRate rate = new TakeRate(0);
    private long now;

    @Test
    void isUnlimited_beforeAnythingIsKnown() {
        assertEquals(Double.MAX_VALUE, rate.within(SECOND));
    }

    @Test
    void isWhatWasTaken_whileOthersWaited() {
        ticks(6, 50, 10);
        assertEquals(1000, rate.within(SECOND), 1e-6);
        assertEquals(100, rate.within(SECOND / 10), 1e-6);
    }

    @Test
    void followsAChange() {
        ticks(6, 50, 10);
        ticks(20, 10, 10);
        assertEquals(200, rate.within(SECOND), 20);
    }

    @Test
    void isKept_whileNothingIsTaken() {
        ticks(6, 50, 10);
        ticks(20, 0, 10);
        assertEquals(1000, rate.within(SECOND), 1e-6);
    }

    @Test
    void isUnlimited_beforeThereIsEnoughToGoBy() {
        ticks(5, 1, 10);
        assertEquals(Double.MAX_VALUE, rate.within(SECOND), "the first span began with no queue");
    }

    @Test
    void isForgotten_onceNobodyWaits() {
        ticks(6, 1, 10);
        ticks(1, 1, 0);
        assertEquals(Double.MAX_VALUE, rate.within(SECOND));
    }

    private void ticks(int count, int taken, int depth) {
        for (int tick = 0; tick < count; tick++) {
            now += TICK;
            for (int each = 0; each < taken; each++) {
                rate.took();
            }
            rate.sample(now, depth);
        }
    }
}
