package io.spvn.loadtest.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.loadtest.report.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whole comparisons of fake servers, each a process of its own.
@Timeout(120)
final class ComparisonTest {
    @TempDir Path directory;
    private final List<String> log = new ArrayList<>();

    @AfterEach
    void noServerIsLeft() {
        assertEquals(
                0, ProcessHandle.current().descendants().filter(ComparisonTest::isFake).count());
    }

    @Test
    void rightServers_areMeasuredInEachRound() {
        ComparisonResult result =
                run(
                        2,
                        List.of(
                                FakeServer.peer("spvn", "none"),
                                FakeServer.peer("granian", "none")),
                        "hello-500",
                        "hello-c64",
                        "hello-n-c64");
        assertTrue(result.complete());
        assertEquals(6, rows(result).size());
        for (Map<String, Object> row : rows(result)) {
            assertEquals("measured", row.get("outcome"), row::toString);
            assertEquals(2, list(row.get("rounds")).size());
            assertEquals(0L, tree(row.get("median")).get("failures"));
            assertTrue(number(tree(row.get("median")).get("goodput")) > 100);
            assertTrue(number(tree(row.get("median")).get("rss_mib")) > 10);
            assertTrue(number(row.get("ratio")) > 0);
            assertFalse(list(row.get("distribution")).isEmpty());
            assertFalse(list(row.get("intervals")).isEmpty());
        }
        assertEquals(1.0, rows(result).getFirst().get("ratio"));
        assertTrue(log.contains("warming up the load generator"));
        assertTrue(
                log.stream()
                        .anyMatch(line -> line.startsWith("round 2 of 2: hello-c64 on spvn (")));
    }

    @Test
    void json_hasTheAgreedShape() throws IOException {
        ComparisonResult result =
                run(1, List.of(FakeServer.peer("spvn", "none")), "hello-c64", "hello-n-c64");
        Map<String, Object> json = result.json();
        assertEquals("comparison", json.get("kind"));
        assertEquals(1, json.get("format"));
        assertEquals(false, json.get("stopped"));
        assertEquals(
                List.of("cpus", "cpu_model", "memory_mib", "kernel", "java", "python"),
                List.copyOf(tree(json.get("machine")).keySet()));
        assertEquals(
                Map.of("rounds", 1, "seconds", 0.3, "warmup_s", 0.1, "quick", false),
                json.get("settings"));
        Map<String, Object> scenario = tree(list(json.get("scenarios")).getFirst());
        assertEquals("hello-c64", scenario.get("name"));
        assertEquals("rate", scenario.get("leads_by"));
        assertEquals(Map.of("mode", "closed", "connections", 64), scenario.get("load"));
        Map<String, Object> peer = tree(list(json.get("peers")).getFirst());
        assertEquals(2, tree(peer.get("commands")).size());
        Map<String, Object> row = rows(result).getFirst();
        assertEquals(
                List.of(
                        "scenario",
                        "peer",
                        "outcome",
                        "median",
                        "spread",
                        "ratio",
                        "failures_by_kind",
                        "notes",
                        "distribution",
                        "intervals",
                        "rounds"),
                List.copyOf(row.keySet()));
        List<String> spread = new ArrayList<>(tree(row.get("spread")).keySet());
        spread.remove("cpu_us"); // there when the server took a tick of the clock for CPU time
        assertEquals(List.of("rate", "goodput", "p99", "rss_mib"), spread);
        assertTrue(Json.text(json).contains("\"p99_9\""));
    }

    @Test
    void serversThatCannot_getRowsThatSayWhy() {
        Peer single = new Peer("single", "", launch -> List.of("false"), "it is alone");
        ComparisonResult result =
                run(
                        2,
                        List.of(
                                FakeServer.peer("spvn", "none"),
                                FakeServer.peer("ends", "ends"),
                                FakeServer.peer("wrong", "wrong"),
                                FakeServer.peer("refuses", "refuses"),
                                new Peer("absent", "", _ -> List.of("/no/such/program"), null),
                                single),
                        "hello-n-c64");
        assertEquals("ended at start: no module named 'nonsense'", why(result, "ends"));
        assertEquals("answered GET / wrongly: 'Goodbye!'", why(result, "wrong"));
        assertEquals("answered GET / with status 503", why(result, "refuses"));
        assertTrue(why(result, "absent").startsWith("cannot be started: "));
        assertEquals("it is alone", why(result, "single"));
        assertTrue(
                result.markdown().contains("not run: ended at start: no module named 'nonsense' |"),
                result.markdown());
        assertEquals(1, log.stream().filter(line -> line.contains(" on ends ")).count());
    }

    @Test
    void serverThatDies_isStartedAgainForTheNextScenario() {
        ComparisonResult result =
                run(1, List.of(FakeServer.peer("spvn", "fragile")), "hello-500", "hello-c64");
        assertTrue(result.markdown().contains("out of luck"), result::markdown);
        assertEquals("measured", rows(result).getLast().get("outcome"));
        assertTrue(number(tree(rows(result).getLast().get("median")).get("goodput")) > 100);
    }

    @Test
    void markdown_hasATableForEachScenario() {
        String markdown =
                run(
                                1,
                                List.of(
                                        FakeServer.peer("spvn", "none"),
                                        FakeServer.peer("granian", "none")),
                                "hello-500",
                                "hello-c64")
                        .markdown();
        assertTrue(markdown.contains("\n## Hello, 500 req/s (`hello-500`)\n"), markdown);
        Pattern row = Pattern.compile("(?m)^\\| granian \\| 1 \\|( [^|]+ \\|){9}$");
        assertEquals(2, row.matcher(markdown).results().count(), markdown);
        assertFalse(markdown.contains(directory.toString()), "no paths of this machine");
    }

    @Test
    void stop_endsItSoon_andReportsWhatIsDone() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(1);
        Comparison comparison =
                comparison(
                        100,
                        line -> {
                            if (line.contains("round 2")) {
                                second.countDown();
                            }
                        },
                        List.of(FakeServer.peer("spvn", "none")),
                        "hello-c1");
        List<ComparisonResult> results = new ArrayList<>();
        Thread runner = Thread.ofPlatform().start(() -> results.add(comparison.run()));
        second.await();
        comparison.stop();
        runner.join(20_000);
        ComparisonResult result = results.getFirst();
        assertFalse(result.complete());
        assertEquals(true, result.json().get("stopped"));
        assertTrue(result.markdown().contains("**Stopped before the end.**"));
        assertEquals("measured", rows(result).getFirst().get("outcome"));
    }

    @Test
    void stop_beforeTheBeginning_leavesNothingToDo() {
        Comparison comparison =
                comparison(1, log::add, List.of(FakeServer.peer("spvn", "none")), "hello-c1");
        comparison.stop();
        ComparisonResult result = comparison.run();
        assertFalse(result.complete());
        assertEquals("the comparison ended before", why(result, "spvn"));
    }

    private ComparisonResult run(int rounds, List<Peer> peers, String... scenarios) {
        return comparison(rounds, log::add, peers, scenarios).run();
    }

    private Comparison comparison(
            int rounds, Consumer<String> said, List<Peer> peers, String... scenarios) {
        return new Comparison(
                Runs.settings(directory, rounds),
                said,
                peers,
                FakeServer.scenarios(scenarios),
                _ -> new PythonHome(directory, "3.13.0"));
    }

    private static boolean isFake(ProcessHandle process) {
        return process.info()
                .commandLine()
                .filter(line -> line.contains(FakeServer.class.getName()))
                .isPresent();
    }

    private static String why(ComparisonResult result, String peer) {
        return rows(result).stream()
                .filter(row -> peer.equals(row.get("peer")))
                .map(row -> String.valueOf(row.get("why")))
                .findFirst()
                .orElseThrow();
    }

    private static List<Map<String, Object>> rows(ComparisonResult result) {
        return list(result.json().get("rows")).stream().map(ComparisonTest::tree).toList();
    }

    private static double number(@Nullable Object value) {
        return ((Number) Objects.requireNonNull(value)).doubleValue();
    }

    private static List<?> list(@Nullable Object value) {
        return (List<?>) Objects.requireNonNull(value);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> tree(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }
}
