package io.spvn.server.status;

import io.spvn.bridge.worker.WorkerStatus;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.observe.Vitals;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The last 15 minutes, in steps: what was counted in each, and what was there at its end. One
/// thread ticks, another asks. It holds so many steps and no more, and a request costs it nothing:
/// it reads what is counted anyway.
final class History {
    static final Duration STEP = Duration.ofSeconds(5);
    static final int STEPS = 180;

    /// Latencies and rates of the moment are of the last steps.
    private static final int LATENCY_STEPS = 12;

    private static final int RATE_STEPS = 2;

    /// One step that is over.
    ///
    /// @param rate responses a second
    /// @param errors responses with a status of 500 or more
    /// @param refused by reason; without those of which there were none
    /// @param depth of the queue, at its end
    /// @param inFlight requests that waited or were in workers' hands, at its end
    /// @param lag of the loop that was latest, in seconds, at its end
    private record Step(
            double rate,
            long errors,
            Map<String, Long> refused,
            Quantiles latency,
            int depth,
            int inFlight,
            double lag) {}

    /// What was counted up to a moment.
    private record Mark(long at, RequestMeters.Counts counts, Histogram latencies) {}

    private final RequestMeters meters;
    private final Vitals vitals;
    private final Deque<Step> steps = new ArrayDeque<>(STEPS);
    private final Deque<Mark> marks = new ArrayDeque<>(LATENCY_STEPS + 1); // the oldest first
    private final Map<Integer, Duration> busy = new HashMap<>(); // at the last step
    private Map<Integer, Double> busyRatios = Map.of(); // in the last step

    /// @param now [System#nanoTime]
    History(RequestMeters meters, Vitals vitals, long now) {
        this.meters = meters;
        this.vitals = vitals;
        marks.add(mark(now));
    }

    private Mark mark(long now) {
        return new Mark(now, meters.counts(), meters.latencies().copy());
    }

    /// Ends a step when it is time to. Called often; does not block.
    synchronized void tick(long now) {
        if (now - marks.getLast().at() >= STEP.toNanos()) {
            endStep(now);
        }
    }

    private void endStep(long now) {
        Mark last = marks.getLast();
        Mark next = mark(now);
        List<WorkerStatus> workers = vitals.workers();
        keep(steps, STEPS, step(last, next, workers));
        keep(marks, LATENCY_STEPS + 1, next);
        busyRatios = busyRatios(workers, now - last.at());
    }

    private static <T> void keep(Deque<T> all, int most, T another) {
        if (all.size() == most) {
            all.removeFirst();
        }
        all.addLast(another);
    }

    private Step step(Mark from, Mark to, List<WorkerStatus> workers) {
        int depth = vitals.queueDepth();
        return new Step(
                rate(from, to),
                to.counts().errors() - from.counts().errors(),
                difference(from.counts().refusals(), to.counts().refusals()),
                Quantiles.between(from.latencies(), to.latencies()),
                depth,
                depth + workers.stream().mapToInt(WorkerStatus::inFlight).sum(),
                workers.stream().mapToLong(each -> each.loopLag().toNanos()).max().orElse(0) / 1e9);
    }

    private static double rate(Mark from, Mark to) {
        long nanos = Math.max(1, to.at() - from.at());
        return (to.counts().responses() - from.counts().responses()) * 1e9 / nanos;
    }

    private static Map<String, Long> difference(Map<String, Long> from, Map<String, Long> to) {
        Map<String, Long> more = new HashMap<>();
        to.forEach(
                (reason, count) -> {
                    long difference = count - from.getOrDefault(reason, 0L);
                    if (difference > 0) {
                        more.put(reason, difference);
                    }
                });
        return more;
    }

    private Map<Integer, Double> busyRatios(List<WorkerStatus> workers, long nanos) {
        Map<Integer, Double> ratios = new HashMap<>();
        for (WorkerStatus each : workers) {
            Duration before = busy.put(each.worker(), each.busy());
            if (before != null && before.compareTo(each.busy()) <= 0) {
                double ratio = each.busy().minus(before).toNanos() / (double) nanos;
                ratios.put(each.worker(), Math.min(1, ratio));
            }
        }
        busy.keySet().retainAll(ratios.keySet().isEmpty() ? busy.keySet() : numbers(workers));
        return ratios;
    }

    private static List<Integer> numbers(List<WorkerStatus> workers) {
        return workers.stream().map(WorkerStatus::worker).toList();
    }

    /// Responses a second, of late.
    synchronized double rate(long now) {
        Mark from =
                marks.stream()
                        .skip(Math.max(0, marks.size() - RATE_STEPS))
                        .findFirst()
                        .orElseThrow();
        return rate(from, new Mark(now, meters.counts(), from.latencies()));
    }

    /// How long responses took, of late.
    synchronized Quantiles latency() {
        return Quantiles.between(marks.getFirst().latencies(), meters.latencies().copy());
    }

    /// The span of [#latency], in seconds.
    synchronized double latencySpan(long now) {
        return (now - marks.getFirst().at()) / 1e9;
    }

    /// The share of the last step that a worker's loop was at work, null when that is not known.
    synchronized @Nullable Double busyRatio(int worker) {
        return busyRatios.get(worker);
    }

    /// All steps, the oldest first, one list for each thing.
    synchronized Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("step_seconds", STEP.toSeconds());
        tree.put("requests_per_second", all(Step::rate));
        tree.put("server_errors", all(Step::errors));
        tree.put("p50_seconds", all(step -> step.latency().p50()));
        tree.put("p90_seconds", all(step -> step.latency().p90()));
        tree.put("p99_seconds", all(step -> step.latency().p99()));
        tree.put("queue_depth", all(Step::depth));
        tree.put("in_flight", all(Step::inFlight));
        tree.put("loop_lag_seconds", all(Step::lag));
        tree.put("refusals", refusals());
        return tree;
    }

    private Map<String, Object> refusals() {
        Map<String, Object> byReason = new LinkedHashMap<>();
        steps.stream()
                .flatMap(step -> step.refused().keySet().stream())
                .distinct()
                .sorted()
                .forEach(
                        reason ->
                                byReason.put(
                                        reason,
                                        all(step -> step.refused().getOrDefault(reason, 0L))));
        return byReason;
    }

    private List<@Nullable Object> all(Function<Step, @Nullable Object> what) {
        List<@Nullable Object> values = new ArrayList<>(steps.size());
        steps.forEach(step -> values.add(what.apply(step)));
        return values;
    }
}
