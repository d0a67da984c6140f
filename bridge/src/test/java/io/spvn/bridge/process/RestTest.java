package io.spvn.bridge.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RestTest {
    private static final long SECOND = 1_000_000_000;

    private final Rest rest = new Rest();
    private final long begun = System.nanoTime();

    @Test
    void beforeAnythingIsKnown_itIsNone() {
        assertEquals(0, rest.getAsLong());
    }

    @Test
    void aLoopThatHasRestedAllTheTime_isTakenToRestOn() {
        rest.learn(0, begun - 20 * SECOND);
        rest.learn(10 * SECOND, begun - 10 * SECOND);
        assertTrue(rest.getAsLong() >= 20 * SECOND);
    }

    @Test
    void aLoopThatHasNotRested_isTakenToBeBusy() {
        rest.learn(5 * SECOND, begun - 20 * SECOND);
        rest.learn(5 * SECOND, begun - 10 * SECOND);
        assertEquals(5 * SECOND, rest.getAsLong());
    }

    @Test
    void whatCannotBe_isNotBelieved() {
        rest.learn(0, begun - 2 * SECOND);
        rest.learn(1000 * SECOND, begun - SECOND);
        assertTrue(rest.getAsLong() < 1010 * SECOND, "more than the time");
        rest.learn(0, begun);
        assertEquals(0, rest.getAsLong(), "less than before");
    }
}
