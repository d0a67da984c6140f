package io.spvn.loadtest.report;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Interval;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Percentiles;
import io.spvn.loadtest.attack.Plan;
import io.spvn.loadtest.attack.Run;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The raw result of an attack as a tree for JSON: times in milliseconds, rates a second.
public final class RunJson {
    private static final int FORMAT = 1;

    private RunJson() {}

    /// A new tree, in the order in which it is meant to be read.
    public static Map<String, Object> of(Run run) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", "attack");
        tree.put("tool", "spvn loadtest");
        tree.put("format", FORMAT);
        putPlan(tree, run.plan());
        tree.put("started", run.started().toString());
        tree.put("elapsed_s", run.elapsed().toNanos() / 1e9);
        tree.put("stopped", run.stopped());
        putCounts(tree, run);
        tree.put("latency_ms", percentiles(run.latency().percentiles()));
        tree.put("latency_by_class_ms", byClass(run.latencyByClass()));
        tree.put("service_ms", percentiles(run.service().percentiles()));
        tree.put("generator", generator(run));
        tree.put("notes", Queueing.of(run).stream().map(RunJson::note).toList());
        tree.put("distribution", distribution(run));
        tree.put("intervals", run.intervals().stream().map(RunJson::interval).toList());
        return tree;
    }

    private static void putPlan(Map<String, Object> tree, Plan plan) {
        tree.put("url", plan.target().url());
        tree.put("method", plan.request().method());
        tree.put("body_bytes", plan.request().body().length);
        tree.put("load", load(plan.load()));
        tree.put("duration_s", plan.duration().toNanos() / 1e9);
        tree.put("timeout_s", plan.timeout().toNanos() / 1e9);
    }

    /// How requests came.
    public static Map<String, Object> load(Load load) {
        Map<String, Object> tree = new LinkedHashMap<>();
        switch (load) {
            case Load.Open(Pacer.Constant(double rate), _) -> {
                tree.put("mode", "open");
                tree.put("rate", rate);
            }
            case Load.Open(Pacer.Ramp(double from, double to, _), _) -> {
                tree.put("mode", "open");
                tree.put("from", from);
                tree.put("to", to);
            }
            case Load.Closed _ -> tree.put("mode", "closed");
        }
        tree.put("connections", load.connections());
        return tree;
    }

    private static void putCounts(Map<String, Object> tree, Run run) {
        tree.put("requests", run.requests());
        tree.put("responses", run.responses());
        tree.put("successes", run.successes());
        tree.put("failures", run.failures());
        tree.put("unfinished", run.unfinished());
        tree.put("rate", run.rate());
        tree.put("goodput", run.goodput());
        tree.put("success_ratio", run.successRatio());
        tree.put("statuses", statuses(run.statuses()));
        tree.put("errors", errors(run.errors()));
        tree.put("bytes_sent", run.bytesSent());
        tree.put("bytes_received", run.bytesReceived());
    }

    private static Map<String, Long> statuses(Map<Integer, Long> counts) {
        Map<String, Long> tree = new LinkedHashMap<>();
        counts.forEach((status, count) -> tree.put(status.toString(), count));
        return tree;
    }

    /// Counts by what people call the kinds.
    public static Map<String, Long> errors(Map<ErrorKind, Long> counts) {
        Map<String, Long> tree = new LinkedHashMap<>();
        counts.forEach((kind, count) -> tree.put(kind.text(), count));
        return tree;
    }

    private static Map<String, Object> byClass(Map<Integer, Distribution> distributions) {
        Map<String, Object> tree = new LinkedHashMap<>();
        distributions.forEach(
                (statusClass, distribution) ->
                        tree.put(statusClass + "xx", percentiles(distribution.percentiles())));
        return tree;
    }

    private static Map<String, Object> generator(Run run) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("cpu_s", run.generatorCpu().toNanos() / 1e9);
        tree.put("lag_ms", percentiles(run.lag().percentiles()));
        return tree;
    }

    private static Map<String, Object> note(Note note) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("what", note.what());
        tree.put("more", note.more());
        return tree;
    }

    private static Map<String, Object> distribution(Run run) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("latency", points(run.latency()));
        tree.put("service", points(run.service()));
        return tree;
    }

    private static Map<String, Object> percentiles(Percentiles times) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("count", times.count());
        tree.put("min", millis(times.min()));
        tree.put("mean", millis(times.mean()));
        tree.put("p50", millis(times.p50()));
        tree.put("p75", millis(times.p75()));
        tree.put("p90", millis(times.p90()));
        tree.put("p95", millis(times.p95()));
        tree.put("p99", millis(times.p99()));
        tree.put("p99_9", millis(times.p999()));
        tree.put("p99_99", millis(times.p9999()));
        tree.put("max", millis(times.max()));
        return tree;
    }

    /// Pairs of percentile and milliseconds.
    public static List<List<Double>> points(Distribution distribution) {
        return distribution.points().stream()
                .map(point -> List.of(point.percentile(), millis(point.nanos())))
                .toList();
    }

    /// One slice of time.
    public static Map<String, Object> interval(Interval interval) {
        Percentiles latency = interval.latency();
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("t", interval.fromNanos() / 1e9);
        tree.put("seconds", interval.nanos() / 1e9);
        tree.put("due", interval.due());
        tree.put("responses", interval.responses());
        tree.put("errors", interval.errors());
        tree.put("p50", millis(latency.p50()));
        tree.put("p90", millis(latency.p90()));
        tree.put("p99", millis(latency.p99()));
        tree.put("p99_9", millis(latency.p999()));
        tree.put("max", millis(latency.max()));
        return tree;
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
