package io.spvn.server.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientClockTest {
    private static final Timeouts TIMEOUTS =
            new Timeouts(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(60));

    private final HandClock time = new HandClock();
    private final ClientClock clock = new ClientClock(time.registry, TIMEOUTS);
    private final long begun = time.registry.now();

    private Due after(long millis) {
        return clock.takeLate(begun + Duration.ofMillis(millis).toNanos());
    }

    @ParameterizedTest
    @CsvSource({
        "HANDSHAKE, 5000",
        "FIRST_BYTE, 10000",
        "HEAD, 10000",
        "BODY, 20000",
        "REQUEST, 60000",
        "END, 2000"
    })
    void expect_hasTheTimeThatIsSetForIt(Due due, long millis) {
        clock.expect(due);
        assertEquals(Due.NOTHING, after(millis - 1));
        assertEquals(due, after(millis + 1));
    }

    @Test
    void expectEnd_serverStops_isShort() {
        time.registry.stop(Duration.ofSeconds(9));
        clock.expect(Due.END);
        assertEquals(Due.NOTHING, after(499));
        assertEquals(Due.END, after(501));
    }

    @Test
    void expectNothing_isNeverLate() {
        clock.expect(Due.BODY);
        clock.expect(Due.NOTHING);
        assertEquals(Due.NOTHING, after(1_000_000));
        assertTrue(clock.stop());
    }

    @Test
    void leaveGiven_startsTheBodysTime() {
        clock.expect(Due.LEAVE);
        assertEquals(Due.NOTHING, after(1_000_000));
        clock.leaveGiven();
        assertEquals(Due.NOTHING, after(19_999));
        assertEquals(Due.BODY, after(20_001));
    }

    @Test
    void expectNext_headHasBegun_isItsRest() {
        clock.expectNext(true);
        assertEquals(Due.HEAD, after(10_001));
    }

    @Test
    void expectNext_nothingHasCome_isARequest() {
        clock.expectNext(false);
        assertEquals(Due.NOTHING, after(59_999));
        assertEquals(Due.REQUEST, after(60_001));
    }

    @Test
    void idleClient_whileTheLedgerIsFull_hasLittleTime() {
        time.ledger.add(1 << 20);
        clock.expectNext(false);
        assertEquals(Due.REQUEST, after(5001));
    }

    @Test
    void hurryIdle_onlyWhileTheLedgerIsFull() {
        clock.expect(Due.REQUEST);
        clock.hurryIdle(begun);
        assertEquals(Due.NOTHING, after(5001));
        time.ledger.add(1 << 20);
        clock.hurryIdle(begun);
        assertEquals(Due.REQUEST, after(5001));
    }

    @Test
    void hurryIdle_spareWhoSends() {
        time.ledger.add(1 << 20);
        clock.expect(Due.BODY);
        clock.hurryIdle(begun);
        assertEquals(Due.NOTHING, after(19_999));
    }

    @Test
    void windDown_clientSilentForAWhile_isLetGo() {
        clock.expect(Due.REQUEST);
        long later = begun + Duration.ofMillis(1100).toNanos();
        assertTrue(clock.windDown(later));
        assertFalse(clock.windDown(later), "said once");
        assertFalse(clock.stop());
    }

    @Test
    void windDown_recentClient_isWaitedForAMoment() {
        clock.expect(Due.REQUEST);
        assertFalse(clock.windDown(begun));
        assertEquals(Due.NOTHING, after(249));
        assertEquals(Due.END, after(251));
    }

    @Test
    void windDown_newClient_isWaitedForAMoment() {
        clock.expect(Due.FIRST_BYTE);
        assertFalse(clock.windDown(begun));
        assertEquals(Due.END, after(251));
    }

    @Test
    void windDown_headBegun_hasASecond_bodyItsTime() {
        clock.expect(Due.HEAD);
        assertFalse(clock.windDown(begun));
        assertEquals(Due.HEAD, after(1001));
        clock.expect(Due.BODY);
        assertFalse(clock.windDown(begun));
        assertEquals(Due.NOTHING, after(19_999));
    }
}
