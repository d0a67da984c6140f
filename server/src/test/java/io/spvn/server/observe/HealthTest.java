package io.spvn.server.observe;

import static io.spvn.server.observe.FakeVitals.worker;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.worker.WorkerState;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final FakeVitals vitals = new FakeVitals();
    private final Health health = new Health();

    private void assertReady(int status, String text) {
        assertEquals(Answer.text(status, text), health.ready(vitals.workers()));
    }

    private void assertLive(int status, String text) {
        assertEquals(Answer.text(status, text), health.live());
    }

    @Test
    void beforeItServes_isLiveButNotReady() {
        assertReady(503, "starting");
        assertLive(200, "ok");
    }

    @Test
    void serving_isReadyWhileAWorkerServes() {
        health.serving();
        vitals.workers =
                List.of(worker(0, WorkerState.ENDED, false), worker(1, WorkerState.SERVING, false));
        assertReady(200, "ok");
        assertLive(200, "ok");
    }

    @Test
    void noWorkerServes_isNotReady() {
        health.serving();
        vitals.workers =
                List.of(worker(0, WorkerState.ENDED, false), worker(1, WorkerState.BOOTING, false));
        assertReady(503, "no worker serves");
        assertLive(200, "ok");
    }

    @Test
    void oneOfTwoWorkersHangs_isReady() {
        health.serving();
        vitals.workers =
                List.of(
                        worker(0, WorkerState.SERVING, true),
                        worker(1, WorkerState.SERVING, false));
        assertReady(200, "ok");
    }

    @Test
    void everyServingWorkerHangs_isNotReady() {
        health.serving();
        vitals.workers =
                List.of(worker(0, WorkerState.SERVING, true), worker(1, WorkerState.ENDED, false));
        assertReady(503, "every worker is hung");
        assertLive(200, "ok");
    }

    @Test
    void stopping_isLiveButNotReady() {
        health.serving();
        vitals.workers = List.of(worker(0, WorkerState.SERVING, false));
        health.stopping();
        assertReady(503, "stopping");
        assertLive(200, "ok");
    }

    @Test
    void stoppedDuringTheStart_doesNotServeAnyMore() {
        health.stopping();
        health.serving();
        assertReady(503, "stopping");
    }

    @Test
    void workersLost_isNotLiveEvenWhenItStopsForThat() {
        health.serving();
        health.lost();
        health.stopping();
        assertReady(503, "all workers are lost");
        assertLive(503, "all workers are lost");
    }

    @Test
    void workersThatEndInAnOrderlyStop_areNotLost() {
        health.serving();
        health.stopping();
        health.lost();
        assertLive(200, "ok");
    }
}
