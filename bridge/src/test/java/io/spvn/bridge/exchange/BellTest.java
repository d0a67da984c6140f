package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Orders.Step;
import java.util.List;
import java.util.Set;
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

    /// Sleeper and visitor in every order: the sleeper never sleeps on beside what was put there.
    @Test
    void sleeper_missesNothing() {
        var sleeper =
                List.of(
                        new Step<>("sleep", Room::sleep),
                        new Step<>("look", Room::look),
                        new Step<>("rise or wait", Room::riseOrWait));
        var visitor = List.of(new Step<>("put", Room::put), new Step<>("ring", Room::ring));
        var orders = new Orders<>(Room::new, List.of(sleeper, visitor, visitor));
        assertEquals(Set.of("awake", "asleep"), orders.walk(Room::end));
    }

    private static final class Room {
        private final Bell bell = new Bell();
        private int things;
        private int rings;
        private boolean found;
        private boolean waits;

        Room() {
            bell.open(() -> rings++);
            bell.rise();
        }

        void sleep() {
            bell.sleep();
        }

        void look() {
            found = things > 0;
        }

        void riseOrWait() {
            waits = !found || !bell.rise();
        }

        void put() {
            things++;
        }

        void ring() {
            bell.ring();
        }

        /// Who has put something rings, at last.
        String end() {
            if (things > 0) {
                bell.ring();
            }
            assertTrue(rings <= 1, "rung again");
            assertTrue(!waits || things == 0 || rings == 1, "sleeps on");
            return bell.asleep() ? "asleep" : "awake";
        }
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
