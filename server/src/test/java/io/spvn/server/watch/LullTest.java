package io.spvn.server.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class LullTest {
    private static final long QUIET = Lull.QUIET.toNanos();
    private static final long AT_MOST = Lull.AT_MOST.toNanos();

    /// The clock may be anywhere, and runs over.
    private static final long START = Long.MAX_VALUE - QUIET;

    private final Lull lull = new Lull();

    @Test
    void oneChange_isOverOnceItWasQuiet() {
        assertFalse(lull.begun());
        lull.change(START);
        assertTrue(lull.begun());
        assertEquals(QUIET, lull.left(START));
        assertEquals(1, lull.left(START + QUIET - 1));
        assertEquals(0, lull.left(START + QUIET));
    }

    @Test
    void anotherChange_beginsTheQuietAnew() {
        lull.change(START);
        lull.change(START + QUIET - 1);
        assertEquals(QUIET, lull.left(START + QUIET - 1));
    }

    @Test
    void changesThatGoOn_areOverInTheEnd() {
        for (long now = START; now - (START + AT_MOST) < 0; now += QUIET / 2) {
            lull.change(now);
        }
        assertEquals(0, lull.left(START + AT_MOST));
    }

    @Test
    void afterAnEnd_nothingIsLeftOfTheChangesBefore() {
        lull.change(START);
        lull.end();
        assertFalse(lull.begun());
        lull.change(START + 2 * AT_MOST);
        assertEquals(QUIET, lull.left(START + 2 * AT_MOST));
    }
}
