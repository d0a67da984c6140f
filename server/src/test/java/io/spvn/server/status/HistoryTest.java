package io.spvn.server.status;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.worker.RestartReason;
import io.spvn.bridge.worker.WorkerState;
import io.spvn.bridge.worker.WorkerStatus;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.observe.Vitals;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final long STEP = History.STEP.toNanos();

    private final RequestMeters meters = new RequestMeters();
    private final Server server = new Server();
    private final History history = new History(meters, server, 0);
    private long now;

    /// A server with one worker.
    private static final class Server implements Vitals {
        int waiting;
        int inHand;
        Duration busy = Duration.ZERO;

        @Override
        public int queueDepth() {
            return waiting;
        }

        @Override
        public int connections() {
            return 0;
        }

        @Override
        public long bytesHeld() {
            return 0;
        }

        @Override
        public long bytesReceived() {
            return 0;
        }

        @Override
        public long bytesSent() {
            return 0;
        }

        @Override
        public List<WorkerStatus> workers() {
            return List.of(
                    new WorkerStatus(
                            0,
                            WorkerState.SERVING,
                            false,
                            Duration.ofMillis(20),
                            busy,
                            inHand,
                            WorkerStatus.Host.UNKNOWN));
        }

        @Override
        public long restarts(RestartReason reason) {
            return 0;
        }
    }

    private void respond(int count, int status, int millis) {
        for (int i = 0; i < count; i++) {
            meters.responded("GET", "1.1", status, TimeUnit.MILLISECONDS.toNanos(millis));
        }
    }

    private void step() {
        now += STEP;
        history.tick(now);
    }

    private List<?> series(String name) {
        return (List<?>) requireNonNull(history.tree().get(name));
    }

    @Test
    void step_holdsWhatHappenedInIt() {
        respond(95, 200, 10);
        respond(5, 503, 100);
        meters.refused(Rejected.QUEUE_FULL);
        server.waiting = 2;
        server.inHand = 1;
        step();
        respond(50, 200, 10);
        step();
        assertEquals(List.of(20.0, 10.0), series("requests_per_second"));
        assertEquals(List.of(5L, 0L), series("server_errors"));
        assertEquals(List.of(2, 2), series("queue_depth"));
        assertEquals(List.of(3, 3), series("in_flight"));
        assertEquals(List.of(0.02, 0.02), series("loop_lag_seconds"));
        assertEquals(Map.of("queue_full", List.of(1L, 0L)), history.tree().get("refusals"));
        assertEquals(0.1, (double) series("p99_seconds").get(0), 0.002);
        assertEquals(0.01, (double) series("p99_seconds").get(1), 0.0002);
    }

    @Test
    void stepWithoutResponses_hasNoLatency() {
        step();
        assertEquals(Arrays.asList((Object) null), series("p50_seconds"));
        assertNull(history.latency().p50());
    }

    @Test
    void tick_beforeTheStepIsOver_doesNothing() {
        history.tick(STEP - 1);
        assertEquals(List.of(), series("queue_depth"));
    }

    @Test
    void oldSteps_goOnceThereAreEnough() {
        respond(5, 200, 1);
        for (int i = 0; i < History.STEPS; i++) {
            step();
        }
        assertEquals(1.0, series("requests_per_second").getFirst());
        step();
        assertEquals(History.STEPS, series("requests_per_second").size());
        assertEquals(0.0, series("requests_per_second").getFirst());
    }

    @Test
    void latency_isOfTheLastMinute() {
        respond(10, 200, 1000);
        step();
        assertEquals(10, history.latency().count());
        for (int i = 0; i < 12; i++) {
            step();
        }
        respond(1, 200, 1);
        assertEquals(1, history.latency().count());
        assertEquals(60, history.latencySpan(now));
    }

    @Test
    void rate_countsTheStepThatIsNotOver() {
        step();
        step();
        respond(100, 200, 1);
        assertEquals(100 / 7.5, history.rate(now + STEP / 2), 1e-9);
    }

    @Test
    void busyRatio_isOfTheLastStep() {
        step();
        server.busy = Duration.ofNanos(STEP / 4);
        step();
        assertEquals(0.25, history.busyRatio(0));
        assertNull(history.busyRatio(1));
    }

    @Test
    void busyRatio_ofAWorkerInAnothersPlace_isNotKnownAtFirst() {
        server.busy = Duration.ofSeconds(9);
        step();
        server.busy = Duration.ofSeconds(1);
        step();
        assertNull(history.busyRatio(0));
        server.busy = Duration.ofSeconds(2);
        step();
        assertEquals(0.2, history.busyRatio(0));
        assertTrue(history.tree().containsKey("step_seconds"));
    }
}
