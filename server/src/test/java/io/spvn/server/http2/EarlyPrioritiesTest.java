package io.spvn.server.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class EarlyPrioritiesTest {
    private static final Priority URGENT = new Priority(0, false);
    private static final Priority LATE = new Priority(7, true);

    private final EarlyPriorities priorities = new EarlyPriorities();

    @Test
    void latestIsTaken_once() {
        assertNull(priorities.take(1));
        priorities.note(1, LATE);
        priorities.note(1, URGENT);
        assertNull(priorities.take(3));
        assertEquals(URGENT, priorities.take(1));
        assertNull(priorities.take(1));
    }

    @Test
    void eldestAreForgotten_aboveTheBound() {
        for (int stream = 1; stream < 2 * 65; stream += 2) {
            priorities.note(stream, LATE);
        }
        assertNull(priorities.take(1));
        assertEquals(LATE, priorities.take(3));
        assertEquals(LATE, priorities.take(129));
    }
}
