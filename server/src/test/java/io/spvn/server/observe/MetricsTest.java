package io.spvn.server.observe;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.WorkerState;
import io.spvn.bridge.worker.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsTest {
    private final FakeVitals vitals = new FakeVitals();
    private final RequestMeters requests = new RequestMeters();
    private final Metrics metrics = new Metrics(requests, vitals, 2);

    @AfterEach
    void close() {
        metrics.close();
    }

    private Map<String, Double> scraped() {
        return metrics.answer("")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .collect(
                        Collectors.toMap(
                                line -> line.substring(0, line.lastIndexOf(' ')),
                                line ->
                                        Double.parseDouble(
                                                line.substring(line.lastIndexOf(' ') + 1))));
    }

    private double scraped(String key) {
        return requireNonNull(scraped().get(key), key);
    }

    @Test
    void responses_areCountedByMethodAndStatus() {
        requests.responded("GET", "1.1", 200, 1);
        requests.responded("GET", "1.1", 200, 1);
        requests.responded("POST", "1.1", 503, 1);
        assertEquals(2, scraped("spvn_requests_total{method=\"GET\",status=\"200\"}"));
        assertEquals(1, scraped("spvn_requests_total{method=\"POST\",status=\"503\"}"));
        assertEquals(
                2,
                scraped().keySet().stream().filter(k -> k.startsWith("spvn_requests_t")).count());
    }

    @Test
    void linesThatTheAccessLogHasLost_areShownWhereThereIsOne() {
        assertEquals(Set.of(), names("spvn_access"));
        long[] lines = {7};
        requests.accessLog(() -> lines[0]);
        System.gc(); // nobody else holds on to that
        assertEquals(7, scraped("spvn_access_log_lost_total"));
        lines[0] = 8;
        assertEquals(8, scraped("spvn_access_log_lost_total"));
    }

    @Test
    void spansThatWereDropped_areShownWhereThereIsTracing() {
        assertEquals(Set.of(), names("spvn_spans"));
        requests.tracing(() -> 7);
        System.gc(); // nobody else holds on to that
        assertEquals(7, scraped("spvn_spans_dropped_total"));
    }

    private Set<String> names(String beginning) {
        return scraped().keySet().stream()
                .filter(key -> key.startsWith(beginning))
                .collect(Collectors.toSet());
    }

    @Test
    void everyKnownMethod_keepsItsName() {
        List<String> known =
                List.of(
                        "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE",
                        "PATCH");
        known.forEach(method -> requests.responded(method, "1.1", 204, 1));
        known.forEach(
                method ->
                        assertEquals(
                                1,
                                scraped(
                                        "spvn_requests_total{method=\"%s\",status=\"204\"}"
                                                .formatted(method))));
    }

    @Test
    void methodsThatClientsInvent_shareOneSeries() {
        requests.responded("BREW", "1.1", 200, 1);
        requests.responded("get", "1.1", 200, 1);
        requests.responded("x\"} 1\n", "1.1", 200, 1);
        assertEquals(3, scraped("spvn_requests_total{method=\"other\",status=\"200\"}"));
    }

    @Test
    void statusesThatDoNotExist_areCounted() {
        requests.responded("GET", "1.1", -1, 1);
        requests.responded("GET", "1.1", 1000, 1);
        requests.responded("GET", "1.1", 999, 1);
        assertEquals(2, scraped("spvn_requests_total{method=\"GET\",status=\"0\"}"));
        assertEquals(1, scraped("spvn_requests_total{method=\"GET\",status=\"999\"}"));
    }

    @ParameterizedTest
    @EnumSource(Rejected.class)
    void everyReason_isThereFromTheStartAndCounted(Rejected reason) {
        String key = "spvn_refusals_total{reason=\"%s\"}".formatted(reason.label());
        assertEquals(0, scraped(key));
        requests.refused(reason);
        assertEquals(1, scraped(key));
    }

    @Test
    void durations_areInTheirBuckets() {
        requests.responded("GET", "1.1", 200, Duration.ofMillis(20).toNanos());
        requests.responded("GET", "1.1", 200, Duration.ofSeconds(90).toNanos());
        String bucket = "spvn_request_duration_seconds_bucket{le=\"%s\"}";
        assertEquals(0, scraped(bucket.formatted("0.01")));
        assertEquals(1, scraped(bucket.formatted("0.025")));
        assertEquals(1, scraped(bucket.formatted("60.0")));
        assertEquals(2, scraped(bucket.formatted("+Inf")));
        assertEquals(2, scraped("spvn_request_duration_seconds_count"));
        assertEquals(90.02, scraped("spvn_request_duration_seconds_sum"), 1e-6);
    }

    @Test
    void waits_areAHistogramOfTheirOwn() {
        requests.started(Duration.ofMillis(3).toNanos());
        assertEquals(1, scraped("spvn_queue_wait_seconds_bucket{le=\"0.005\"}"));
        assertEquals(0.003, scraped("spvn_queue_wait_seconds_sum"), 1e-9);
        assertEquals(0, scraped("spvn_request_duration_seconds_count"));
    }

    @Test
    void vitals_areShownAsTheyAreAtTheMoment() {
        vitals.queueDepth = 3;
        vitals.connections = 5;
        vitals.bytesReceived = 7;
        vitals.bytesSent = 11;
        assertEquals(3, scraped("spvn_queue_depth"));
        assertEquals(5, scraped("spvn_connections_active"));
        assertEquals(7, scraped("spvn_bytes_total{direction=\"in\"}"));
        assertEquals(11, scraped("spvn_bytes_total{direction=\"out\"}"));
        vitals.queueDepth = 0;
        assertEquals(0, scraped("spvn_queue_depth"));
    }

    @Test
    void requestsInFlight_areThoseThatWaitAndThoseInHand() {
        vitals.queueDepth = 3;
        vitals.workers = List.of(worker(0, 4), worker(1, 5));
        assertEquals(12, scraped("spvn_requests_in_flight"));
    }

    private static WorkerStatus worker(int number, int inFlight) {
        return new WorkerStatus(
                number,
                WorkerState.SERVING,
                true,
                Duration.ofMillis(1500),
                Duration.ofHours(1),
                inFlight,
                WorkerStatus.Host.UNKNOWN);
    }

    @Test
    void workers_haveOneStateEach() {
        vitals.workers = List.of(FakeVitals.worker(1, WorkerState.STOPPING, false));
        String state = "spvn_worker_state{state=\"%s\",worker=\"%d\"}";
        assertEquals(1, scraped(state.formatted("stopping", 1)));
        assertEquals(0, scraped(state.formatted("serving", 1)));
        assertEquals(1, scraped(state.formatted("new", 0)));
    }

    @Test
    void aWorkerThatHangs_isShown() {
        vitals.workers = List.of(worker(0, 0));
        assertEquals(1, scraped("spvn_worker_hung{worker=\"0\"}"));
        assertEquals(0, scraped("spvn_worker_hung{worker=\"1\"}"));
        assertEquals(1.5, scraped("spvn_worker_loop_lag_seconds{worker=\"0\"}"));
    }

    @Test
    void busyRatio_isTheShareSinceTheSample() {
        vitals.workers = List.of(worker(0, 0));
        metrics.tick();
        vitals.workers =
                List.of(
                        new WorkerStatus(
                                0,
                                WorkerState.SERVING,
                                false,
                                Duration.ZERO,
                                Duration.ofHours(2),
                                0,
                                WorkerStatus.Host.UNKNOWN));
        assertEquals(1, scraped("spvn_worker_busy_ratio{worker=\"0\"}"));
        assertEquals(0, scraped("spvn_worker_busy_ratio{worker=\"1\"}"));
    }

    private static WorkerStatus process(int number, long pid, Duration busy) {
        return new WorkerStatus(
                number,
                WorkerState.SERVING,
                false,
                Duration.ZERO,
                busy,
                0,
                new WorkerStatus.Host(Isolation.PROCESS, pid, 4096));
    }

    private List<String> series(String name) {
        return scraped().keySet().stream().filter(key -> key.startsWith(name)).sorted().toList();
    }

    @Test
    void aProcess_isShownWithItsMemory_untilAnotherTakesItsPlace() {
        vitals.workers = List.of(process(0, 41, Duration.ZERO));
        assertEquals(
                List.of("spvn_worker_info{kind=\"process\",pid=\"41\",worker=\"0\"}"),
                series("spvn_worker_info"));
        assertEquals(4096, scraped("spvn_worker_resident_bytes{worker=\"0\"}"));
        vitals.workers = List.of(process(0, 42, Duration.ZERO));
        assertEquals(
                List.of("spvn_worker_info{kind=\"process\",pid=\"42\",worker=\"0\"}"),
                series("spvn_worker_info"));
        assertEquals(1, scraped(series("spvn_worker_info").getFirst()));
    }

    @Test
    void aWorkerInTheServersOwnProcess_hasNoMemoryOfItsOwn() {
        vitals.workers =
                List.of(
                        new WorkerStatus(
                                0,
                                WorkerState.SERVING,
                                false,
                                Duration.ZERO,
                                Duration.ZERO,
                                0,
                                new WorkerStatus.Host(Isolation.MAIN, 0, 0)));
        assertEquals(
                List.of("spvn_worker_info{kind=\"main\",pid=\"0\",worker=\"0\"}"),
                series("spvn_worker_info"));
        assertEquals(List.of(), series("spvn_worker_resident_bytes"));
    }

    @Test
    void workersThatComeAndGo_areShownWhileTheyAreThere() {
        List<WorkerStatus> two =
                List.of(process(0, 41, Duration.ZERO), process(1, 42, Duration.ZERO));
        List<WorkerStatus> three = new ArrayList<>(two);
        three.add(process(2, 43, Duration.ZERO));
        vitals.workers = three;
        assertEquals(1, scraped("spvn_worker_state{state=\"serving\",worker=\"2\"}"));
        vitals.workers = two;
        assertEquals(
                List.of(),
                scraped().keySet().stream().filter(key -> key.contains("worker=\"2\"")).toList());
        vitals.workers = three;
        assertEquals(1, scraped("spvn_worker_state{state=\"serving\",worker=\"2\"}"));
    }

    @Test
    void restarts_areCountedByReason_fromTheStart() {
        assertEquals(0, scraped("spvn_worker_restarts_total{reason=\"hangup\"}"));
        vitals.crashes = 3;
        assertEquals(3, scraped("spvn_worker_restarts_total{reason=\"crashed\"}"));
    }

    @Test
    void process_isShown() {
        assertTrue(scraped("process_files_open_files") > 0);
        assertTrue(scraped("process_uptime_seconds") > 0);
        assertTrue(scraped("jvm_threads_live_threads") > 0);
        assertTrue(
                scraped().keySet().stream().anyMatch(k -> k.startsWith("jvm_memory_used_bytes")));
    }

    @Test
    void openMetrics_areGivenToWhoAsks() {
        Answer answer = metrics.answer("application/openmetrics-text;version=1.0.0,text/plain");
        assertTrue(answer.type().startsWith("application/openmetrics-text; version=1.0.0"));
        assertTrue(answer.body().endsWith("\n# EOF\n"));
        Answer plain = metrics.answer("application/vnd.google.protobuf, */*");
        assertTrue(plain.type().startsWith("text/plain; version=0.0.4"));
        assertFalse(plain.body().contains("# EOF"));
    }

    @Test
    void manyThreads_loseNoCount() {
        int threads = 8;
        int times = 20_000;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                pool.execute(
                        () -> {
                            for (int n = 0; n < times; n++) {
                                requests.responded("PUT", "1.1", 201, 1000);
                            }
                        });
            }
        }
        assertEquals(
                threads * times, scraped("spvn_requests_total{method=\"PUT\",status=\"201\"}"));
        assertEquals(threads * times, scraped("spvn_request_duration_seconds_count"));
    }
}
