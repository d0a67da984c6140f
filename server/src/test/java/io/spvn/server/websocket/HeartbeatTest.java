package io.spvn.server.websocket;

import static io.spvn.server.websocket.Heartbeat.Order.ASK;
import static io.spvn.server.websocket.Heartbeat.Order.GIVE_UP;
import static io.spvn.server.websocket.Heartbeat.Order.NOTHING;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Asks after 20 s, and waits for 10 s. The clock may stand at any number.
class HeartbeatTest {
    private static final long START = Long.MAX_VALUE - 5_000_000_000L;

    private final Heartbeat signs = of(Duration.ofSeconds(20), Duration.ofSeconds(10));

    private static Heartbeat of(@Nullable Duration interval, @Nullable Duration timeout) {
        return new Heartbeat(interval, timeout, START);
    }

    private static long at(int seconds) {
        return START + seconds * 1_000_000_000L;
    }

    private Heartbeat.Order look(int seconds) {
        return signs.look(at(seconds), false);
    }

    @Test
    void aSilentClient_isAskedOnce_andLeft() {
        assertEquals(NOTHING, look(19));
        assertEquals(ASK, look(20));
        assertEquals(NOTHING, look(21));
        assertEquals(NOTHING, look(29));
        assertEquals(GIVE_UP, look(30));
    }

    @Test
    void anAnswer_beginsAnew() {
        assertEquals(ASK, look(20));
        signs.heard(at(25));
        assertEquals(NOTHING, look(30));
        assertEquals(NOTHING, look(44));
        assertEquals(ASK, look(45));
        assertEquals(GIVE_UP, look(55));
    }

    @Test
    void aClientThatTalks_isNotAsked() {
        for (int second = 0; second < 100; second += 10) {
            signs.heard(at(second));
            assertEquals(NOTHING, look(second + 9));
        }
    }

    @Test
    void aClientThatIsNotListenedTo_isGivenTimeFromWhenItIs() {
        assertEquals(ASK, look(20));
        assertEquals(NOTHING, signs.look(at(29), true));
        assertEquals(NOTHING, signs.look(at(35), true));
        assertEquals(NOTHING, look(44));
        assertEquals(GIVE_UP, look(45));
    }

    @Test
    void withoutInterval_nobodyIsAsked() {
        assertEquals(NOTHING, of(null, Duration.ofSeconds(1)).look(at(1000), false));
    }

    @Test
    void withoutTimeout_nobodyIsLeft() {
        Heartbeat patient = of(Duration.ofSeconds(20), null);
        assertEquals(ASK, patient.look(at(20), false));
        assertEquals(NOTHING, patient.look(at(1000), false));
        patient.heard(at(1001));
        assertEquals(ASK, patient.look(at(1021), false));
    }
}
