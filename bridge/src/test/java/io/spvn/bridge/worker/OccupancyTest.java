package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OccupancyTest {
    private static final long START =
            Math.subtractExact(Long.MAX_VALUE, 5); // the clock may wrap around

    private final Occupancy occupancy = new Occupancy(START);

    @Test
    void busy_fromTheBegin_growsWithTheClock() {
        assertEquals(0, occupancy.busy(START));
        assertEquals(100, occupancy.busy(START + 100));
    }

    @Test
    void busy_atRest_standsStill() {
        occupancy.rest(START + 40);
        assertEquals(40, occupancy.busy(START + 40));
        assertEquals(40, occupancy.busy(START + 4_000));
    }

    @Test
    void busy_afterARest_leavesItOut() {
        occupancy.rest(START + 40);
        occupancy.goOn(START + 1_040);
        assertEquals(40, occupancy.busy(START + 1_040));
        assertEquals(45, occupancy.busy(START + 1_045));
        occupancy.rest(START + 1_050);
        occupancy.goOn(START + 5_000);
        assertEquals(51, occupancy.busy(START + 5_001));
    }

    @Test
    void rest_twice_isOneRest() {
        occupancy.rest(START + 10);
        occupancy.rest(START + 20);
        assertEquals(10, occupancy.busy(START + 30));
    }

    @Test
    void goOn_atWork_changesNothing() {
        occupancy.goOn(START + 10);
        assertEquals(20, occupancy.busy(START + 20));
    }

    @Test
    void busy_withAClock_isWhatItDoesNotCallRest() {
        AtomicLong rested = new AtomicLong(30);
        occupancy.follow(rested::get);
        assertEquals(70, occupancy.busy(START + 100));
        rested.set(130);
        assertEquals(70, occupancy.busy(START + 200));
        occupancy.unfollow(START + 210);
        rested.set(-1_000_000);
        assertEquals(80, occupancy.busy(START + 4_000));
    }
}
