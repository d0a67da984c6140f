package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.worker.FakeWorkers.Fake;
import io.spvn.bridge.worker.WorkerSettings.Supervision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of workers that end by themselves, and of those that are to follow.
@Timeout(20)
class SupervisionTest extends SupervisedFixture {
    // ---- one ends

    @Test
    void oneThatEnds_isFollowedAtOnce() throws InterruptedException {
        WorkerPool pool = supervised(2);
        pass(pool, LONG);
        made(0).end(CRASH);
        awaitMade(pool, 3);
        assertEquals(0, workers.last().place.number());
        assertEquals(List.of(0, 1), numbers(pool));
        await(() -> pool.restarts(RestartReason.CRASHED) == 1);
        assertEquals(0, lost.get());
    }

    @Test
    void oneThatEndsItself_isCountedSo() throws InterruptedException {
        WorkerPool pool = supervised(1);
        made(0).end(EXIT);
        await(() -> pool.restarts(RestartReason.EXITED) == 1);
    }

    @Test
    void oneThatComesToItsEndByItself_isFollowedBeforeItHasEnded() throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.obedient = false;
        made(0).stop(SOON);
        pool.tick();
        awaitMade(pool, 2);
        assertEquals(WorkerState.STOPPING, made(0).state());
        await(() -> pool.restarts(RestartReason.EXITED) == 1);
        pass(pool, Duration.ofSeconds(1));
        await(
                () -> {
                    pass(pool, Duration.ofMillis(10));
                    return made(0).kills.get() == 1;
                });
    }

    @Test
    void endsInARow_areFollowedLater() throws InterruptedException {
        WorkerPool pool = supervised(2);
        made(0).end(CRASH);
        awaitMade(pool, 3);
        long end = clock.get();
        made(2).end(CRASH);
        await(
                () -> {
                    pass(pool, Duration.ofMillis(1));
                    return workers.made.size() == 4;
                });
        long after = Duration.ofNanos(clock.get() - end).toMillis();
        assertTrue(after >= 100, after + " ms");
        awaitMade(pool, 4);
    }

    @Test
    void oneThatTookManyRequests_isFollowedAtOnce_howeverShortItsLife()
            throws InterruptedException {
        WorkerPool pool = supervised(1);
        for (int life = 0; life < 20; life++) {
            Fake worker = workers.last();
            for (int i = 0; i < Respawn.MANY_REQUESTS; i++) {
                worker.place.listener().started(0);
            }
            worker.end(CRASH);
            awaitMade(pool, life + 2);
        }
        assertEquals(0, lost.get());
    }

    @Test
    void successorThatFails_isTriedAgain() throws InterruptedException {
        WorkerPool pool = supervised(2);
        pass(pool, LONG);
        workers.failures.put(2, NO_MODULE);
        made(0).end(CRASH);
        await(() -> workers.made.size() == 3 && workers.sinks.get(2).closed.get() > 0);
        assertEquals(WorkerState.ENDED, states(pool).getFirst());
        await(
                () -> {
                    pass(pool, Duration.ofMillis(100));
                    return workers.made.size() == 4;
                });
        awaitMade(pool, 4);
        assertEquals(0, lost.get());
    }

    @Test
    void aStartThatTakesLong_doesNotUseUpTheTimeOfOthers() throws InterruptedException {
        WorkerPool pool = supervised(1, new Supervision(1, 0, Duration.ZERO, 0, HangAction.REPORT));
        workers.obedient = false;
        CountDownLatch gate = gate(1);
        made(0).place.listener().started(0);
        pool.tick();
        assertTrue(made(1).life.await(WorkerState.BOOTING, SOON));
        pass(pool, LONG);
        gate.countDown();
        await(() -> !made(0).stops.isEmpty());
        pool.tick();
        pool.resize(1); // done after a leaver is killed
        await(() -> pool.size() == 2);
        assertEquals(0, made(0).kills.get());
    }

    // ---- requests meanwhile

    @Test
    void requests_waitForTheSuccessor() throws InterruptedException {
        WorkerPool pool = supervised(1);
        CountDownLatch gate = gate(1);
        made(0).end(CRASH);
        HttpExchange request = Requests.request();
        pool.submit(request);
        pool.tick();
        assertFalse(request.settled());
        assertEquals(1, pool.queueDepth());
        gate.countDown();
        awaitMade(pool, 2);
        await(() -> made(1).wakes.get() == 1);
        assertSame(request, made(1).take());
    }

    // ---- crash loop

    @Test
    void successorsThatAllFail_loseThePool_withTheLastReason() throws InterruptedException {
        WorkerPool pool = supervised(1);
        for (int nth = 1; nth < 10; nth++) {
            workers.failures.put(nth, NO_MODULE);
        }
        HttpExchange waiting = Requests.request();
        made(0).end(CRASH);
        pool.submit(waiting);
        await(
                () -> {
                    pass(pool, Duration.ofMillis(100));
                    return lost.get() == 1;
                });
        assertEquals(Deaths.CRASH_LOOP, workers.made.size());
        WorkerFailure why = losses.getFirst();
        assertEquals(
                "worker 0 does not start: cannot import app; it is end number 5 in a row,"
                        + " and none of these workers served for long",
                why.getMessage());
        assertEquals("Traceback ...", why.traceback());
        assertTrue(why.appAtFault());
        assertRefused(waiting, Rejected.STOPPING);
        HttpExchange late = Requests.request();
        pool.submit(late);
        assertRefused(late, Rejected.STOPPING);
    }

    @Test
    void successorsThatAllEnd_loseThePool() throws InterruptedException {
        WorkerPool pool = supervised(1);
        for (int nth = 0; nth < Deaths.CRASH_LOOP; nth++) {
            Fake worker = made(nth);
            awaitMade(pool, nth + 1);
            worker.end(CRASH);
            int next = nth + 2;
            await(
                    () -> {
                        pass(pool, Duration.ofMillis(100));
                        return workers.made.size() == next || lost.get() == 1;
                    });
        }
        assertEquals(1, lost.get());
        assertTrue(losses.getFirst().report("").contains("made to end"));
    }

    @Test
    void aCrashLoop_whileAnotherServes_isTriedOn() throws InterruptedException {
        WorkerPool pool = supervised(2);
        for (int nth = 2; nth < 20; nth++) {
            workers.failures.put(nth, NO_MODULE);
        }
        made(0).end(CRASH);
        await(
                () -> {
                    pass(pool, Duration.ofSeconds(1));
                    return workers.made.size() == 21;
                });
        awaitMade(pool, 21);
        assertEquals(0, lost.get());
    }

    // ---- the end

    @Test
    void stop_whileOneWaitsToFollow_startsNothing() throws InterruptedException {
        WorkerPool pool = supervised(2);
        made(0).end(CRASH);
        awaitMade(pool, 3);
        made(2).end(CRASH);
        assertTrue(pool.stop(SOON));
        pass(pool, LONG);
        assertEquals(3, workers.made.size());
        assertEquals(0, lost.get());
    }

    @Test
    void stop_whileASuccessorStarts_killsIt() throws InterruptedException {
        WorkerPool pool = supervised(1);
        pass(pool, LONG);
        assertNotNull(gate(1)); // it would start for ever
        made(0).end(CRASH);
        Fake starting = made(1);
        assertTrue(starting.life.await(WorkerState.BOOTING, SOON));
        assertTrue(pool.stop(SOON));
        assertEquals(WorkerState.ENDED, starting.state());
        assertEquals(0, lost.get());
        HttpExchange late = Requests.request();
        pool.submit(late);
        assertRefused(late, Rejected.STOPPING);
    }

    @Test
    void stop_killsThoseThatDoNotEnd() throws InterruptedException {
        WorkerPool pool = supervised(1);
        workers.obedient = false;
        assertFalse(pool.stop(Duration.ofMillis(1)));
        assertEquals(1, made(0).kills.get());
    }
}
