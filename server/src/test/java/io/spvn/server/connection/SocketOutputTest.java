package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The registry's look at a write is taken in the middle of that write.
class SocketOutputTest {
    private static final long PATIENCE = Duration.ofSeconds(8).toNanos();
    private static final long MOMENT = 2 * Registry.TICK.toNanos();

    private final HandClock time = new HandClock();
    private final FakeSocket socket = new FakeSocket();
    private final SocketOutput output =
            new SocketOutput(socket, time.registry, Duration.ofNanos(PATIENCE));
    private final long begun = time.registry.now();

    /// Writes something, and does a step meanwhile.
    private void during(Runnable step) {
        socket.onWrite(step);
        output.write(new byte[] {1}, 1);
    }

    @Test
    void write_passesOnAllOfIt_inSlices_andCountsIt() {
        List<Integer> before = new ArrayList<>();
        socket.onWrite(() -> before.add(socket.written().length));
        byte[] bytes = new byte[160_000];
        bytes[159_998] = 1;
        output.write(bytes, 159_999);
        assertEquals(List.of(0, 64 * 1024, 128 * 1024), before);
        byte[] expected = new byte[159_999];
        expected[159_998] = 1;
        assertArrayEquals(expected, socket.written());
        assertEquals(159_999, time.registry.bytesSent());
    }

    @Test
    void isLate_nothingIsWritten_never() {
        assertFalse(output.isLate(begun + 100 * PATIENCE));
        during(() -> {});
        assertFalse(output.isLate(begun + 100 * PATIENCE));
    }

    @Test
    void isLate_clientTakesNothing_onceItsPatienceIsUp() {
        List<Boolean> looks = new ArrayList<>();
        during(
                () -> {
                    for (long at = 0; at <= 2 * PATIENCE; at += PATIENCE / 8) {
                        looks.add(output.isLate(begun + at));
                    }
                });
        int first = looks.indexOf(true);
        assertTrue(first > 7, "not before its time: " + looks);
        assertTrue(first < 12, "soon after: " + looks);
    }

    @Test
    void isLate_clientTakesALittle_neverIs() {
        during(
                () -> {
                    for (long at = 0; at <= 10 * PATIENCE; at += PATIENCE / 8) {
                        socket.takes(1);
                        assertFalse(output.isLate(begun + at));
                    }
                });
    }

    @Test
    void isLate_aNewWrite_startsAnew() {
        during(() -> output.isLate(begun + PATIENCE / 2));
        time.pass(Duration.ofNanos(PATIENCE));
        during(() -> assertFalse(output.isLate(time.registry.now() + PATIENCE / 2)));
    }

    @Test
    void holds_onlyAWriteThatWaits() {
        assertFalse(output.holds(begun + MOMENT));
        during(
                () -> {
                    assertFalse(output.holds(begun));
                    assertTrue(output.holds(begun + MOMENT));
                });
        assertFalse(output.holds(begun + MOMENT));
    }

    @Test
    void enter_aWriteThatWaits_isInTheLedger_untilItIsDone() {
        during(
                () -> {
                    assertTrue(output.enter(begun + MOMENT, 50_000));
                    assertTrue(time.ledger.held() > 50_000);
                    long with = time.ledger.held();
                    assertTrue(output.enter(begun + MOMENT, 10_000));
                    assertEquals(40_000, with - time.ledger.held());
                });
        assertTrue(output.holds(begun + MOMENT), "to be given back");
        assertTrue(output.enter(begun + MOMENT, 0));
        assertEquals(0, time.ledger.held());
        assertFalse(output.holds(begun + MOMENT));
    }

    @Test
    void enter_noRoom_saysSo_andTheEndGivesBackWhatWasEntered() {
        during(() -> assertFalse(output.enter(begun + MOMENT, 2 << 20)));
        assertTrue(time.ledger.held() > 0);
        output.end();
        assertEquals(0, time.ledger.held());
    }

    @Test
    void enter_afterTheEnd_entersNothing() {
        during(
                () -> {
                    output.end();
                    assertTrue(output.enter(begun + MOMENT, 50_000));
                });
        assertEquals(0, time.ledger.held());
    }
}
