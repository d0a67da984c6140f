package io.spvn.bridge.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LeadTest {
    private long now = 1_000;
    private final Lead lead = new Lead(() -> now);

    /// How many a child may have that begins each in so many nanoseconds.
    private int most(int nanosEach) {
        for (int i = 0; i < 100; i++) {
            lead.sending(0);
            now += nanosEach;
            lead.begun(1);
        }
        return limit();
    }

    private int limit() {
        int ahead = 0;
        while (lead.allows(ahead)) {
            ahead++;
        }
        return ahead;
    }

    @Test
    void aNewChild_getsOne() {
        lead.sending(0);
        assertEquals(1, limit());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 64",
        "100, 64",
        "15000, 64",
        "20000, 50",
        "100000, 10",
        "500000, 2",
        "1000000, 1",
        "1000000000, 1"
    })
    void aChild_getsAsManyAsItBeginsInAMillisecond(int nanosEach, int most) {
        assertEquals(most, most(nanosEach));
    }

    @Test
    void whatItBeginsAtOnce_countsEach() {
        for (int i = 0; i < 100; i++) {
            lead.sending(0);
            now += 1_000_000;
            lead.begun(10);
        }
        assertEquals(10, limit());
    }

    @Test
    void aChildThatIsHeldUp_getsNoMoreThanItHas() {
        int most = most(20_000);
        lead.sending(0);
        now += 1_999_999;
        assertEquals(most, limit());
        now += 1;
        assertFalse(lead.allows(1));
        assertTrue(lead.allows(0), "one that has none is not held up");
    }

    @Test
    void aChildThatHadNothingToDo_wasNotHeldUp() {
        int most = most(20_000);
        now += 3_600_000_000_000L;
        lead.sending(0);
        assertEquals(most, limit());
    }

    @Test
    void whatIsSentBehindAnother_doesNotHideThatItIsHeldUp() {
        most(20_000);
        lead.sending(0);
        now += 1_500_000;
        lead.sending(1);
        now += 1_500_000;
        assertFalse(lead.allows(2));
    }

    @Test
    void aChildThatGetsSlower_soonGetsFewer() {
        int most = most(20_000);
        lead.sending(0);
        now += 10_000_000;
        lead.begun(1);
        assertTrue(limit() < most / 10, "after one that took ten milliseconds");
    }

    @Test
    void nothingBegun_saysNothing() {
        int most = most(20_000);
        now += 500_000;
        lead.begun(0);
        assertEquals(most, limit());
        now += 1_500_000;
        assertFalse(lead.allows(1));
    }
}
