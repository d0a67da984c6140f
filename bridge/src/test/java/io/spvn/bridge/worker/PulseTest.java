package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PulseTest {
    private static final long START =
            Math.subtractExact(Long.MAX_VALUE, 5); // the clock may wrap around

    private final Pulse pulse = new Pulse();

    @Test
    void ask_first_isAsked() {
        assertTrue(pulse.ask(START));
        assertTrue(pulse.asked());
    }

    @Test
    void ask_beforeTheAnswer_isNotAskedAgain() {
        pulse.ask(START);
        assertFalse(pulse.ask(START + 10 * Pulse.PERIOD_NANOS));
    }

    @Test
    void ask_afterTheAnswer_waitsForItsTime() {
        pulse.ask(START);
        pulse.answer(START + 1);
        assertFalse(pulse.asked());
        assertFalse(pulse.ask(START + Pulse.PERIOD_NANOS - 1));
        assertTrue(pulse.ask(START + Pulse.PERIOD_NANOS));
    }

    @Test
    void lag_answered_isTheTimeItTook() {
        pulse.ask(START);
        pulse.answer(START + 300);
        assertEquals(300, pulse.lag(START + 100_000));
        assertEquals(300, pulse.lastLag());
        assertEquals(0, pulse.away(START + 100_000));
    }

    @Test
    void lag_outstanding_growsFromTheQuestion() {
        pulse.ask(START);
        assertEquals(700, pulse.lag(START + 700));
        assertEquals(900, pulse.away(START + 900));
    }

    @Test
    void lag_newQuestion_isStillTheLastAnswerUntilThatIsLess() {
        pulse.ask(START);
        pulse.answer(START + 300);
        long again = START + Pulse.PERIOD_NANOS;
        pulse.ask(again);
        assertEquals(300, pulse.lag(again + 10));
        assertEquals(301, pulse.lag(again + 301));
        pulse.answer(again + 7);
        assertEquals(7, pulse.lag(again + 10));
    }

    @Test
    void lag_neverAsked_isNothing() {
        assertEquals(0, pulse.lag(START));
    }

    @Test
    void close_answersWhatIsAskedAndEndsTheQuestions() {
        pulse.ask(START);
        pulse.close(START + 50);
        assertEquals(50, pulse.lag(START + 1_000));
        assertFalse(pulse.asked());
        assertFalse(pulse.ask(START + 2 * Pulse.PERIOD_NANOS));
        assertEquals(0, pulse.away(START + 3 * Pulse.PERIOD_NANOS));
    }

    @Test
    void close_withoutAQuestion_leavesTheLag() {
        pulse.ask(START);
        pulse.answer(START + 5);
        pulse.close(START + 500);
        assertEquals(5, pulse.lag(START + 1_000));
    }
}
