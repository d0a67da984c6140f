package io.spvn.loadtest.attack;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Two connections, for a second.
class ClosedInjectorTest {
    private final Plan plan =
            Plans.plan(new Load.Closed(2), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private final ClosedInjector injector =
            new ClosedInjector(plan, new Measurements(plan), new Ticker());
    private final List<Connection> connections = Plans.connections(2);

    private static long ms(long millis) {
        return MILLISECONDS.toNanos(millis);
    }

    private List<Connection> fire(long millis) {
        List<Connection> begun = new ArrayList<>();
        injector.fire(ms(millis), (connection, _) -> begun.add(connection));
        return begun;
    }

    @Test
    void fire_beginsOnAllThatAreFreeAtOnce() {
        connections.forEach(injector::free);
        assertEquals(connections, fire(0));
        assertEquals(List.of(), fire(1));
        injector.free(connections.get(1));
        assertEquals(List.of(connections.get(1)), fire(1));
        assertEquals(3, injector.end(ms(2)));
        assertEquals(0, injector.waiting(ms(2)));
    }

    @Test
    void failed_connectionRestsForAMoment() {
        injector.failed(connections.get(0), ms(100));
        assertEquals(List.of(), fire(149));
        assertEquals(ms(1), injector.restNanos(ms(149)));
        assertEquals(List.of(connections.get(0)), fire(150));
        assertEquals(ms(850), injector.restNanos(ms(150)));
    }

    @Test
    void failed_whileFiring_endsTheRound() {
        injector.free(connections.get(0));
        injector.fire(0, (connection, _) -> injector.failed(connection, 0));
        assertEquals(1, injector.end(0));
        assertEquals(List.of(), fire(49));
    }

    @Test
    void fire_afterTheEnd_beginsNothing() {
        connections.forEach(injector::free);
        assertEquals(List.of(), fire(1_000));
        assertEquals(0, injector.end(ms(1_000)));
    }

    @Test
    void finished_whenTheTimeIsUp_whateverIsInFlight() {
        assertFalse(injector.finished(ms(1_000) - 1, 0));
        assertTrue(injector.finished(ms(1_000), 2));
    }

    @Test
    void restNanos_neverGoesBeyondTheEnd() {
        injector.failed(connections.get(0), ms(980));
        assertEquals(ms(10), injector.restNanos(ms(990)));
    }
}
