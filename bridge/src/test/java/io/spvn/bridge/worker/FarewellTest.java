package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Drain;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.Receiver;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FarewellTest {
    private static final long SECOND = 1_000_000_000;

    private int looks;

    private Farewell farewell(Duration grace) {
        return new Farewell(() -> looks++, grace);
    }

    @Test
    void tick_beforeItBegins_doesNothing() {
        farewell(Duration.ofSeconds(1)).tick(System.nanoTime());
        assertEquals(0, looks);
    }

    @Test
    void tick_looksFiveTimesASecond() {
        Farewell farewell = farewell(Duration.ofSeconds(1));
        farewell.begin();
        long now = System.nanoTime();
        farewell.tick(now);
        farewell.tick(now + SECOND / 5 - 1);
        assertEquals(1, looks);
        farewell.tick(now + SECOND / 5);
        assertEquals(2, looks);
    }

    @Test
    void tick_looksAsOftenAsTheGraceIsShort() {
        Farewell farewell = farewell(Duration.ofMillis(1));
        farewell.begin();
        long now = System.nanoTime();
        farewell.tick(now);
        farewell.tick(now + SECOND / 1_000);
        assertEquals(2, looks);
    }

    @Test
    void look_aLongPollIsToldOnceTheGraceIsOver() {
        Exchange poll = Requests.request();
        Farewell farewell = farewell(Duration.ofNanos(1));
        assertEquals(Drain.Order.NONE, farewell.look(poll, Receiver.OWN_TASK));
        farewell.begin();
        assertEquals(Drain.Order.TELL, farewell.look(poll, Receiver.OWN_TASK));
    }

    @Test
    void look_withinTheGrace_nothingFollows() {
        Farewell farewell = farewell(Duration.ofHours(1));
        farewell.begin();
        assertEquals(Drain.Order.NONE, farewell.look(Requests.request(), Receiver.OWN_TASK));
    }

    @Test
    void begin_again_givesNoMoreGrace() {
        Exchange poll = Requests.request();
        long grace = SECOND / 50;
        Farewell farewell = farewell(Duration.ofNanos(grace));
        farewell.begin();
        long over = System.nanoTime() + grace;
        while (System.nanoTime() - over < 0) {
            Thread.onSpinWait();
        }
        farewell.begin();
        assertEquals(Drain.Order.TELL, farewell.look(poll, Receiver.OWN_TASK));
    }

    @Test
    void waitsFor_isWhatWasSaidLast() {
        Farewell farewell = farewell(Duration.ofSeconds(1));
        assertEquals("", farewell.waitsFor());
        assertFalse(farewell.served());
        farewell.nowWaitsFor("threads of the app", true);
        assertEquals("threads of the app", farewell.waitsFor());
        assertTrue(farewell.served());
    }
}
