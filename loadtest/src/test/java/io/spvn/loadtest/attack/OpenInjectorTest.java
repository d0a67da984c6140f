package io.spvn.loadtest.attack;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// 10 requests a second for a second, which wait for at most half a second.
class OpenInjectorTest {
    private final Pacer pacer = new Pacer.Constant(10);
    private final Plan plan =
            Plans.plan(new Load.Open(pacer, 2), Duration.ofSeconds(1), Duration.ofMillis(500));
    private final Measurements measurements = new Measurements(plan);
    private final OpenInjector injector = new OpenInjector(plan, pacer, measurements);
    private final List<Connection> connections = Plans.connections(2);
    private final List<Long> begun = new ArrayList<>();

    private static long ms(long millis) {
        return MILLISECONDS.toNanos(millis);
    }

    /// The dues that begin, in milliseconds.
    private List<Long> fire(long millis) {
        begun.clear();
        injector.fire(ms(millis), (_, due) -> begun.add(due / 1_000_000));
        return List.copyOf(begun);
    }

    private Map<ErrorKind, Long> errors() {
        return run(0).errors();
    }

    private Run run(long requests) {
        Ending ending = new Ending(Instant.EPOCH, false, plan.duration(), Duration.ZERO);
        return measurements.run(plan, ending, requests);
    }

    @Test
    void fire_beginsWhatIsDueAndNoMore() {
        connections.forEach(injector::free);
        assertEquals(List.of(0L), fire(0));
        assertEquals(List.of(), fire(99));
        assertEquals(List.of(100L), fire(100));
    }

    @Test
    void fire_takesConnectionsInTheOrderInWhichTheyWereFree() {
        List<Connection> taken = new ArrayList<>();
        connections.forEach(injector::free);
        injector.fire(ms(100), (connection, _) -> taken.add(connection));
        assertEquals(connections, taken);
    }

    @Test
    void fire_withoutFreeConnection_keepsTheDuesForLater() {
        injector.free(connections.get(0));
        assertEquals(List.of(0L), fire(250));
        assertEquals(2, injector.waiting(ms(250)));
        injector.free(connections.get(0));
        assertEquals(List.of(100L), fire(300));
        injector.failed(connections.get(0), ms(310));
        assertEquals(List.of(200L), fire(310));
        assertEquals(1, injector.waiting(ms(310)));
    }

    @Test
    void fire_whenAConnectionFailsAtOnce_usesItForTheNext() {
        injector.free(connections.get(0));
        injector.fire(
                ms(400),
                (connection, due) -> {
                    begun.add(due / 1_000_000);
                    injector.failed(connection, ms(400));
                });
        assertEquals(List.of(0L, 100L, 200L, 300L, 400L), begun);
    }

    @Test
    void fire_requestsThatWaitedForTheTimeout_areUnsent() {
        assertEquals(List.of(), fire(499));
        assertEquals(Map.of(), errors());
        assertEquals(List.of(), fire(500));
        assertEquals(Map.of(ErrorKind.UNSENT, 1L), errors());
        connections.forEach(injector::free);
        assertEquals(List.of(300L, 400L), fire(750));
        assertEquals(Map.of(ErrorKind.UNSENT, 3L), errors());
    }

    @Test
    void fire_afterTheEnd_beginsNoMoreThanAll() {
        for (int i = 0; i < 20; i++) {
            injector.free(connections.get(i % 2));
        }
        assertEquals(5, fire(400).size());
        assertEquals(5, fire(900).size());
        assertEquals(List.of(), fire(1_000));
        assertEquals(10, injector.end(ms(5_000)));
    }

    @Test
    void finished_onlyWhenAllHaveBegunAndNoneIsInFlight() {
        fire(0);
        assertFalse(injector.finished(ms(999), 0));
        fire(1_400);
        assertTrue(injector.finished(ms(1_400), 0));
        assertFalse(injector.finished(ms(1_400), 1));
    }

    @Test
    void restNanos_endsWithTheNextDueOrWithTheFirstThatIsLate() {
        injector.free(connections.get(0));
        fire(0);
        assertEquals(ms(70), injector.restNanos(ms(30)));
        fire(120);
        assertEquals(ms(480), injector.restNanos(ms(120)));
        fire(1_400);
        assertEquals(Long.MAX_VALUE, injector.restNanos(ms(1_400)));
    }

    @Test
    void awaits_onlyWhatTimeAloneCanBegin() {
        injector.free(connections.get(0));
        fire(0);
        assertFalse(injector.awaits(0));
        assertTrue(injector.awaits(1));
        fire(100);
        assertFalse(injector.awaits(2), "requests wait for a connection");
        injector.free(connections.get(0));
        fire(101);
        assertTrue(injector.awaits(2));
        assertEquals(2, injector.next());
    }

    @Test
    void end_countsWhatWasDueAndNeverBegan() {
        injector.free(connections.get(0));
        fire(0);
        assertEquals(4, injector.end(ms(300)));
        Run run = run(4);
        assertEquals(4, run.unfinished());
        assertEquals(4, run.intervals().stream().mapToLong(Interval::due).sum());
        assertEquals(0, injector.waiting(ms(300)));
    }

    @Test
    void waiting_whateverTheTime_isWhatIsDueAndHasNotBegun() {
        assertEquals(1, injector.waiting(0));
        assertEquals(1, injector.waiting(ms(100) - 1));
        assertEquals(2, injector.waiting(ms(100)));
        assertEquals(10, injector.waiting(ms(900)));
        assertEquals(10, injector.waiting(ms(100_000)));
    }
}
