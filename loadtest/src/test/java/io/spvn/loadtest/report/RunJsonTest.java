package io.spvn.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.jr.ob.JSON;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Run;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RunJsonTest {
    private static final List<String> KEYS =
            List.of(
                    "kind",
                    "tool",
                    "format",
                    "url",
                    "method",
                    "body_bytes",
                    "load",
                    "duration_s",
                    "timeout_s",
                    "started",
                    "elapsed_s",
                    "stopped",
                    "requests",
                    "responses",
                    "successes",
                    "failures",
                    "unfinished",
                    "rate",
                    "goodput",
                    "success_ratio",
                    "statuses",
                    "errors",
                    "bytes_sent",
                    "bytes_received",
                    "latency_ms",
                    "latency_by_class_ms",
                    "service_ms",
                    "generator",
                    "notes",
                    "distribution",
                    "intervals");
    private static final List<String> TIMES =
            List.of(
                    "count", "min", "mean", "p50", "p75", "p90", "p95", "p99", "p99_9", "p99_99",
                    "max");
    private static final Pattern SCIENTIFIC = Pattern.compile("\\d[eE][+-]?\\d");

    /// As a program would read it.
    private static Map<String, Object> read(Run run) throws IOException {
        return JSON.std.mapFrom(Json.text(RunJson.of(run)));
    }

    private static Map<?, ?> map(Map<?, ?> tree, String key) {
        return assertInstanceOf(Map.class, tree.get(key));
    }

    private static long number(Map<?, ?> tree, String key) {
        return assertInstanceOf(Number.class, tree.get(key)).longValue();
    }

    @Test
    void tree_hasTheKeysOfTheFormatInTheirOrder() throws IOException {
        Map<String, Object> tree = read(Runs.bad());
        assertEquals(KEYS, List.copyOf(tree.keySet()));
        assertEquals(TIMES, List.copyOf(map(tree, "latency_ms").keySet()));
        assertEquals(TIMES, List.copyOf(map(tree, "service_ms").keySet()));
        assertEquals(TIMES, List.copyOf(map(map(tree, "generator"), "lag_ms").keySet()));
        assertEquals(
                List.of("latency", "service"), List.copyOf(map(tree, "distribution").keySet()));
    }

    @Test
    void head_saysWhatWasDone() throws IOException {
        Map<String, Object> tree = read(Runs.bad());
        assertEquals("attack", tree.get("kind"));
        assertEquals("spvn loadtest", tree.get("tool"));
        assertEquals(1, tree.get("format"));
        assertEquals("http://127.0.0.1:8000/a?b", tree.get("url"));
        assertEquals("GET", tree.get("method"));
        assertEquals(0, tree.get("body_bytes"));
        assertEquals(10.0, tree.get("duration_s"));
        assertEquals(2.5, tree.get("timeout_s"));
        assertEquals("2026-11-23T08:00:00Z", tree.get("started"));
        assertEquals(10.02, tree.get("elapsed_s"));
        assertEquals(true, tree.get("stopped"));
    }

    @Test
    void loads_areSaidEachInItsWay() {
        assertEquals(
                Map.of("mode", "open", "rate", 5_000.0, "connections", 64),
                RunJson.load(Runs.OPEN));
        assertEquals(Map.of("mode", "closed", "connections", 64), RunJson.load(Runs.CLOSED));
        Load ramp = new Load.Open(new Pacer.Ramp(0.5, 5_000, Duration.ofSeconds(1)), 3);
        assertEquals(
                Map.of("mode", "open", "from", 0.5, "to", 5_000.0, "connections", 3),
                RunJson.load(ramp));
    }

    @Test
    void counts_addUp() throws IOException {
        for (Run run : List.of(Runs.good(Runs.CLOSED), Runs.bad(), Runs.silent())) {
            Map<String, Object> tree = read(run);
            assertEquals(
                    number(tree, "requests"),
                    number(tree, "responses")
                            + number(tree, "failures")
                            + number(tree, "unfinished"));
            assertEquals(number(tree, "responses"), sum(map(tree, "statuses")));
            assertEquals(number(tree, "failures"), sum(map(tree, "errors")));
            assertEquals(number(tree, "responses"), number(map(tree, "latency_ms"), "count"));
        }
    }

    private static long sum(Map<?, ?> counts) {
        return counts.values().stream()
                .mapToLong(count -> assertInstanceOf(Number.class, count).longValue())
                .sum();
    }

    @Test
    void badRun_hasItsCountsByStatusClassAndKind() throws IOException {
        Map<String, Object> tree = read(Runs.bad());
        assertEquals(Map.of("200", 39_990, "503", 5_000), tree.get("statuses"));
        assertEquals(
                Map.of("connection refused", 4_000, "no response in time", 1_000),
                tree.get("errors"));
        assertEquals(List.of("2xx", "5xx"), List.copyOf(map(tree, "latency_by_class_ms").keySet()));
        assertEquals(44_990 / 10.02, tree.get("rate"));
        assertEquals(39_990 / 10.02, tree.get("goodput"));
        assertEquals(39_990 / 49_990.0, tree.get("success_ratio"));
        assertEquals(3_000_000_000L, tree.get("bytes_received"));
    }

    @Test
    void times_areInMilliseconds() throws IOException {
        Map<String, Object> tree = read(Runs.good(Runs.OPEN));
        Map<?, ?> latency = map(tree, "latency_ms");
        assertEquals(0.1, latency.get("min"));
        assertEquals(0.3, latency.get("p50"));
        assertEquals(0.8, latency.get("p99_9"));
        assertEquals(0.9, latency.get("p99_99"));
        assertEquals(1.0, latency.get("max"));
        assertEquals(1.2, map(tree, "generator").get("cpu_s"));
        assertEquals(
                List.of(List.of(0.0, 0.1), List.of(50.0, 0.3), List.of(100.0, 1.0)),
                map(tree, "distribution").get("latency"));
    }

    @Test
    void intervals_areInOrderWithTheirCounts() throws IOException {
        List<?> intervals = assertInstanceOf(List.class, read(Runs.bad()).get("intervals"));
        assertEquals(
                Map.of(
                        "t",
                        0.0,
                        "seconds",
                        0.1,
                        "due",
                        500,
                        "responses",
                        498,
                        "errors",
                        2,
                        "p50",
                        0.3,
                        "p90",
                        0.5,
                        "p99",
                        0.7,
                        "p99_9",
                        0.8,
                        "max",
                        1.0),
                intervals.get(0));
        assertEquals(0.1, assertInstanceOf(Map.class, intervals.get(1)).get("t"));
        assertEquals(0.0, assertInstanceOf(Map.class, intervals.get(1)).get("max"));
    }

    @Test
    void nothingAnswered_isZeroAndNoWhereNotANumber() throws IOException {
        Map<String, Object> tree = read(Runs.silent());
        assertEquals(0.0, tree.get("rate"));
        assertEquals(0.0, tree.get("success_ratio"));
        assertEquals(0, map(tree, "latency_ms").get("count"));
        assertEquals(0.0, map(tree, "latency_ms").get("p99_99"));
        assertEquals(Map.of(), tree.get("latency_by_class_ms"));
        assertFalse(Json.text(RunJson.of(Runs.silent())).contains("NaN"));
    }

    @Test
    void text_inWhateverLocale_readsTheSameAndIsPlain() {
        String text = Json.text(RunJson.of(Runs.bad()));
        assertEquals(
                Set.of(text),
                Set.copyOf(Locales.everywhere(() -> Json.text(RunJson.of(Runs.bad())))));
        assertFalse(SCIENTIFIC.matcher(text).find(), text);
        assertFalse(SCIENTIFIC.matcher(Json.text(RunJson.of(Runs.good(Runs.OPEN)))).find());
    }
}
