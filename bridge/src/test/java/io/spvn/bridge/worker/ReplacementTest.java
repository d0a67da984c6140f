package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.worker.FakeWorkers.Fake;
import io.spvn.bridge.worker.WorkerSettings.Supervision;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When workers that serve are replaced, added and retired.
@Timeout(20)
class ReplacementTest extends SupervisedFixture {
    // ---- recycling

    @Test
    void oneThatTookEnough_isReplaced_andLeavesOnceItsSuccessorServes()
            throws InterruptedException {
        WorkerPool pool = supervised(2, new Supervision(3, 0, Duration.ZERO, 0, HangAction.REPORT));
        CountDownLatch gate = gate(2);
        ExchangeListener listener = made(1).place.listener();
        listener.started(0);
        listener.started(0);
        pool.tick();
        assertEquals(2, workers.made.size());
        listener.started(0);
        pool.tick();
        assertTrue(made(2).life.await(WorkerState.BOOTING, SOON));
        assertEquals(List.of(), made(1).stops);
        gate.countDown();
        awaitMade(pool, 3);
        assertEquals(1, made(2).place.number());
        await(() -> made(1).state() == WorkerState.ENDED);
        await(() -> pool.restarts(RestartReason.MAX_REQUESTS) == 1);
    }

    @Test
    void recycling_isOneAtATime_untilTheOldOneHasLeft() throws InterruptedException {
        WorkerPool pool =
                supervised(2, new Supervision(0, 0, Duration.ofHours(1), 0, HangAction.REPORT));
        workers.obedient = false;
        pass(pool, Duration.ofHours(1));
        await(() -> !made(0).stops.isEmpty());
        pool.tick();
        pool.tick();
        assertEquals(3, workers.made.size());
        workers.obedient = true;
        made(0).end(CRASH);
        await(
                () -> {
                    pool.tick();
                    return workers.made.size() == 4;
                });
        await(() -> made(1).state() == WorkerState.ENDED);
        await(() -> pool.restarts(RestartReason.LIFETIME) == 2);
    }

    @Test
    void anOldOneThatDoesNotLeaveInTime_isKilled() throws InterruptedException {
        WorkerPool pool = supervised(1, new Supervision(1, 0, Duration.ZERO, 0, HangAction.REPORT));
        workers.obedient = false;
        made(0).place.listener().started(0);
        pool.tick();
        await(() -> !made(0).stops.isEmpty());
        long told = clock.get();
        await(
                () -> {
                    pass(pool, Duration.ofMillis(10));
                    return made(0).kills.get() == 1;
                });
        assertTrue(clock.get() - told >= Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aSuccessorThatFails_leavesTheOldOneAtWork_andIsTriedAgainLater()
            throws InterruptedException {
        WorkerPool pool = supervised(1, new Supervision(1, 0, Duration.ZERO, 0, HangAction.REPORT));
        workers.failures.put(1, NO_MODULE);
        made(0).place.listener().started(0);
        pool.tick();
        await(() -> workers.sinks.size() == 2 && workers.sinks.get(1).closed.get() > 0);
        assertEquals(List.of(), made(0).stops);
        long failed = clock.get();
        await(
                () -> {
                    pass(pool, Duration.ofMillis(10));
                    return workers.made.size() == 3;
                });
        assertTrue(clock.get() - failed >= Retirements.TRY_AGAIN.toNanos());
        await(() -> made(0).state() == WorkerState.ENDED);
    }

    // ---- hanging

    private void hang(WorkerPool pool, Fake worker) {
        worker.hung = true;
        for (int i = 0; i < 20; i++) {
            pass(pool, Duration.ofMillis(100));
        }
    }

    @Test
    void oneThatHangs_isKilledAndFollowed_whereThatIsAskedFor() throws InterruptedException {
        WorkerPool pool =
                supervised(2, new Supervision(0, 0, Duration.ZERO, 0, HangAction.RESTART));
        pass(pool, LONG);
        hang(pool, made(0));
        awaitMade(pool, 3);
        assertEquals(1, made(0).kills.get());
        await(() -> pool.restarts(RestartReason.HUNG) == 1);
        assertEquals(0, made(1).kills.get());
    }

    @Test
    void oneThatHangs_isLeftAlone_otherwise() throws InterruptedException {
        WorkerPool pool = supervised(1);
        hang(pool, made(0));
        pool.resize(1); // done after what is more urgent
        await(() -> pool.size() == 2);
        assertEquals(0, made(0).kills.get());
    }

    // ---- rolling

    @Test
    void roll_replacesOneAfterTheOther_eachOnceItsSuccessorServes() throws InterruptedException {
        WorkerPool pool = supervised(2);
        CountDownLatch first = gate(2);
        CountDownLatch second = gate(3);
        pool.roll(() -> {});
        assertTrue(made(2).life.await(WorkerState.BOOTING, SOON));
        assertEquals(List.of(), made(0).stops);
        first.countDown();
        await(
                () -> {
                    pool.tick();
                    return workers.made.size() == 4;
                });
        assertEquals(WorkerState.ENDED, made(0).state());
        assertEquals(List.of(), made(1).stops);
        second.countDown();
        await(() -> made(1).state() == WorkerState.ENDED);
        await(() -> pool.restarts(RestartReason.HANGUP) == 2);
        assertEquals(List.of(0, 1), numbers(pool));
        assertEquals(0, lost.get());
    }

    @Test
    void roll_whoseSuccessorFails_ends() throws InterruptedException {
        WorkerPool pool = supervised(2);
        workers.failures.put(2, NO_MODULE);
        pool.roll(() -> {});
        await(() -> workers.sinks.size() == 3 && workers.sinks.get(2).closed.get() > 0);
        pool.resize(1); // done before the roll would go on
        await(() -> numbers(pool).equals(List.of(0, 1, 2)));
        assertEquals(List.of(), made(0).stops);
        assertEquals(0, pool.restarts(RestartReason.HANGUP));
    }

    @Test
    void roll_askedForSeveralTimesMeanwhile_isDoneOnceMore() throws InterruptedException {
        WorkerPool pool = supervised(1);
        CountDownLatch gate = gate(1);
        pool.roll(() -> {});
        assertTrue(made(1).life.await(WorkerState.BOOTING, SOON));
        pool.roll(() -> {});
        pool.roll(() -> {});
        pool.roll(() -> {});
        gate.countDown();
        await(
                () -> {
                    pool.tick();
                    return pool.restarts(RestartReason.HANGUP) == 2;
                });
        pool.roll(() -> {});
        await(
                () -> {
                    pool.tick();
                    return pool.restarts(RestartReason.HANGUP) == 3;
                });
        assertEquals(4, workers.made.size());
    }

    @Test
    void aDeathDuringARoll_isSeenToFirst() throws InterruptedException {
        WorkerPool pool = supervised(3);
        pass(pool, LONG);
        CountDownLatch gate = gate(3);
        pool.roll(() -> {});
        assertTrue(made(3).life.await(WorkerState.BOOTING, SOON));
        made(2).end(CRASH);
        gate.countDown();
        await(() -> workers.made.size() > 4);
        assertEquals(2, made(4).place.number());
        await(
                () -> {
                    pool.tick();
                    return pool.restarts(RestartReason.HANGUP) == 2;
                });
        assertEquals(6, workers.made.size()); // the one that died is not replaced twice
    }

    // ---- more and fewer

    @Test
    void resize_addsAndRetires() throws InterruptedException {
        WorkerPool pool = supervised(1);
        pool.resize(1);
        pool.resize(1);
        await(() -> numbers(pool).equals(List.of(0, 1, 2)));
        pool.resize(-2);
        await(() -> numbers(pool).equals(List.of(0)));
        pool.resize(1);
        await(() -> numbers(pool).equals(List.of(0, 1)));
        assertEquals(WorkerState.SERVING, made(0).state());
    }

    @Test
    void resize_neverRetiresTheLast() throws InterruptedException {
        WorkerPool pool = supervised(2);
        pool.resize(-2);
        pool.roll(() -> {}); // is done after that
        await(() -> pool.restarts(RestartReason.HANGUP) == 1);
        assertEquals(List.of(0), numbers(pool));
    }

    @Test
    void resize_retiresOneThatDoesNotServe_beforeOthers() throws InterruptedException {
        WorkerPool pool = supervised(2);
        for (int nth = 2; nth < 5; nth++) {
            workers.failures.put(nth, NO_MODULE);
        }
        made(0).end(CRASH);
        await(() -> workers.sinks.size() == 3 && workers.sinks.get(2).closed.get() > 0);
        pool.resize(-1);
        await(() -> numbers(pool).equals(List.of(1)));
        pass(pool, LONG);
        pool.resize(1);
        await(() -> workers.made.size() > 3);
        assertEquals(0, made(3).place.number()); // the free one
    }

    @Test
    void resize_givesTheQueueRoomForAsManyWorkers() throws InterruptedException {
        WorkerPool pool = supervised(1);
        pool.resize(1);
        await(() -> pool.size() == 2);
        for (int i = 0; i < 32; i++) {
            pool.submit(Requests.request());
        }
        assertEquals(32, pool.queueDepth()); // 16 for each
    }
}
