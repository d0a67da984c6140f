package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadClockTest {
    private static final long MOMENT = 1_000_000;

    private final ReadClock clock = new ReadClock();

    @Test
    void nothingIsDueAtFirst() {
        assertEquals(Due.NOTHING, clock.takeLate(Long.MAX_VALUE));
        assertTrue(clock.stop());
    }

    @ParameterizedTest
    @EnumSource(
            value = Due.class,
            names = {"NOTHING", "LEAVE"},
            mode = EnumSource.Mode.EXCLUDE)
    void whatIsDue_isSaidOnceItsTimeIsUp(Due due) {
        clock.expect(due, MOMENT);
        assertEquals(Due.NOTHING, clock.takeLate(MOMENT - 10));
        assertEquals(due, clock.takeLate(MOMENT + 10));
        assertEquals(Due.NOTHING, clock.takeLate(MOMENT + 10), "said once");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -MOMENT, Long.MAX_VALUE - 5, Long.MIN_VALUE + 5})
    void times_mayBeAnywhereOnTheClock(long moment) {
        clock.expect(Due.HEAD, moment);
        assertEquals(Due.NOTHING, clock.takeLate(moment - 10));
        assertEquals(Due.HEAD, clock.takeLate(moment + 10));
    }

    @Test
    void stop_inTime() {
        clock.expect(Due.HEAD, MOMENT);
        assertTrue(clock.stop());
        assertEquals(Due.NOTHING, clock.takeLate(MOMENT + 10));
    }

    @Test
    void stop_tooLate() {
        clock.expect(Due.HEAD, MOMENT);
        assertEquals(Due.HEAD, clock.takeLate(MOMENT + 10));
        assertFalse(clock.stop());
    }

    @Test
    void expect_startsAnewAfterTheTimeWasUp() {
        clock.expect(Due.BODY, MOMENT);
        assertEquals(Due.BODY, clock.takeLate(MOMENT + 10));
        clock.expect(Due.END, 2 * MOMENT);
        assertEquals(Due.END, clock.takeLate(2 * MOMENT + 10));
    }

    @Test
    void hasten_bringsTheTimeForward() {
        clock.expect(Due.REQUEST, 10 * MOMENT);
        clock.hasten(Due.REQUEST, MOMENT, Due.END);
        assertEquals(Due.END, clock.takeLate(MOMENT + 10));
    }

    @Test
    void hasten_neverGivesMoreTime() {
        clock.expect(Due.REQUEST, MOMENT);
        clock.hasten(Due.REQUEST, 10 * MOMENT, Due.END);
        assertEquals(Due.REQUEST, clock.takeLate(MOMENT + 10));
    }

    @Test
    void hasten_leavesEverythingElse() {
        clock.expect(Due.BODY, 10 * MOMENT);
        clock.hasten(Due.REQUEST, MOMENT, Due.END);
        assertEquals(Due.NOTHING, clock.takeLate(MOMENT + 10));
    }

    @Test
    void takeDueBefore_whatIsDueLaterOrNotAtAll() {
        clock.expect(Due.REQUEST, MOMENT);
        assertFalse(clock.takeDueBefore(Due.REQUEST, MOMENT - 10));
        assertFalse(clock.takeDueBefore(Due.HEAD, MOMENT + 10));
        assertTrue(clock.stop(), "its time was not up");
    }

    @Test
    void takeDueBefore_endsTheTime() {
        clock.expect(Due.REQUEST, MOMENT);
        assertTrue(clock.takeDueBefore(Due.REQUEST, MOMENT + 10));
        assertFalse(clock.takeDueBefore(Due.REQUEST, MOMENT + 10), "said once");
        assertFalse(clock.stop());
    }

    @Test
    void expectNext_whenNothingIsDue() {
        clock.expectNext(Due.REQUEST, MOMENT);
        assertEquals(Due.REQUEST, clock.takeLate(MOMENT + 10));
    }

    @Test
    void expectNext_leavesWhatIsDue() {
        clock.expect(Due.BODY, MOMENT);
        clock.expectNext(Due.REQUEST, 10 * MOMENT);
        assertEquals(Due.BODY, clock.takeLate(MOMENT + 10));
    }

    @Test
    void expectNext_afterATimeThatWasUp() {
        clock.expect(Due.BODY, MOMENT);
        assertEquals(Due.BODY, clock.takeLate(MOMENT + 10));
        clock.expectNext(Due.REQUEST, 10 * MOMENT);
        assertEquals(Due.REQUEST, clock.takeLate(10 * MOMENT + 10));
    }

    @Test
    void awaitLeave_isNeverLate_untilLeaveIsGiven() {
        clock.awaitLeave();
        assertEquals(Due.NOTHING, clock.takeLate(Long.MAX_VALUE));
        clock.leaveGiven(Due.BODY, MOMENT);
        assertEquals(Due.BODY, clock.takeLate(MOMENT + 10));
    }

    @Test
    void leaveGiven_clientHasGoneOn_changesNothing() {
        clock.awaitLeave();
        assertTrue(clock.stop());
        clock.leaveGiven(Due.BODY, MOMENT);
        assertEquals(Due.NOTHING, clock.takeLate(MOMENT + 10));
    }

    @Test
    void lateRequest_thatArrives_isInTime() {
        clock.expect(Due.REQUEST, MOMENT);
        assertEquals(Due.REQUEST, clock.takeLate(MOMENT + 10));
        assertTrue(clock.isSeen());
        clock.arrived();
        assertFalse(clock.letGo());
        assertTrue(clock.stop());
    }

    @Test
    void lateRequest_whoseClientIsLetGo_isTooLate() {
        clock.expect(Due.REQUEST, MOMENT);
        assertEquals(Due.REQUEST, clock.takeLate(MOMENT + 10));
        assertTrue(clock.letGo());
        assertFalse(clock.stop());
    }

    @Test
    void lateRequest_thatWaitsToBeRead_hasTimeAgain() {
        clock.expect(Due.REQUEST, MOMENT);
        assertEquals(Due.REQUEST, clock.takeLate(MOMENT + 10));
        clock.stay(Due.FIRST_BYTE, 2 * MOMENT);
        assertFalse(clock.isSeen());
        assertEquals(Due.FIRST_BYTE, clock.takeLate(2 * MOMENT + 20));
    }
}
