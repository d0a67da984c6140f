package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Refused.assertRefused;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    private static final Load CLOSED = new Load.Closed(1);

    private static Plan plan(Load load, Duration duration, Duration timeout) {
        return new Plan(Plans.TARGET, Request.get(), load, duration, timeout);
    }

    @Test
    void plan_atItsBounds_isMade() {
        Duration least = Duration.ofMillis(1);
        assertEquals(least, plan(CLOSED, least, least).duration());
        Duration most = Duration.ofHours(1);
        assertEquals(most, plan(CLOSED, most, Duration.ofMinutes(5)).duration());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999999S", "PT1H0.000000001S", "P100000000D"})
    void duration_outOfBounds_isRefused(Duration duration) {
        assertRefused("duration: 1ms to 3600s", () -> plan(CLOSED, duration, ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT0.000999999S", "PT5M0.001S", "PT2562047788015215H"})
    void timeout_outOfBounds_isRefused(Duration timeout) {
        assertRefused("timeout: 1ms to 300s", () -> plan(CLOSED, ofSeconds(1), timeout));
    }

    @Test
    void refusal_ofATime_saysWhatWasGiven() {
        assertRefused(
                "not 3600.5s", () -> plan(CLOSED, Duration.ofMillis(3_600_500), ofSeconds(1)));
        assertRefused("not 0.0005s", () -> plan(CLOSED, Duration.ofNanos(500_000), ofSeconds(1)));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 20_001, Integer.MAX_VALUE})
    void connections_outOfBounds_areRefused(int connections) {
        assertRefused("connections: 1 to 20,000", () -> new Load.Closed(connections));
        assertRefused(
                "connections: 1 to 20,000",
                () -> new Load.Open(new Pacer.Constant(1), connections));
    }

    @Test
    void requests_moreThanTheBound_areRefused() {
        Load open = new Load.Open(new Pacer.Constant(1_000_000), 1);
        assertEquals(open, plan(open, ofSeconds(100), ofSeconds(1)).load());
        assertRefused(
                "at most 100,000,000 requests in all, not 101,000,000",
                () -> plan(open, ofSeconds(101), ofSeconds(1)));
        Load ramp = new Load.Open(new Pacer.Ramp(1, 1_000_000, Duration.ofHours(1)), 1);
        assertRefused("at most", () -> plan(ramp, Duration.ofHours(1), ofSeconds(1)));
    }
}
