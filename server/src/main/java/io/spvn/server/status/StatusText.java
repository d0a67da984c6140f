package io.spvn.server.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The status as text, as a terminal shows it. It is made from the tree that `/status` says,
/// perhaps of a server of another version: what is not there is not shown.
public final class StatusText {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int SPARKS = 60;
    private static final String NONE = "-";

    private final Map<?, ?> tree;
    private final StringBuilder text = new StringBuilder();

    private StatusText(Map<?, ?> tree) {
        this.tree = tree;
    }

    /// Several lines.
    public static String of(Map<?, ?> tree) {
        StatusText made = new StatusText(tree);
        made.head();
        made.figures();
        made.workers();
        made.blocked();
        made.oldest();
        made.settings();
        return made.text.toString();
    }

    private void head() {
        boolean ready = Boolean.TRUE.equals(tree.get("ready"));
        String reason = word(tree, "ready_reason");
        line(
                "spvn %s  %s  %s%s"
                        .formatted(
                                word(tree, "spvn_version"),
                                word(tree, "app"),
                                word(tree, "state"),
                                ready ? "" : " (not ready: " + reason + ")"));
        line(
                "%s  pid %s  up %s  Python %s  Java %s"
                        .formatted(
                                words(tree.get("addresses")),
                                word(tree, "pid"),
                                Units.span(number(tree, "uptime_seconds")),
                                word(tree, "python_version"),
                                word(tree, "java_version")));
        line("");
    }

    private void figures() {
        Map<?, ?> requests = map(tree, "requests");
        Map<?, ?> latency = map(tree, "latency");
        Map<?, ?> queue = map(tree, "queue");
        Map<?, ?> memory = map(tree, "memory");
        line(
                "requests  %s/s   in flight %s   total %s   5xx %s"
                        .formatted(
                                Units.rate(number(requests, "per_second")),
                                count(requests, "in_flight"),
                                count(requests, "total"),
                                count(requests, "server_errors_total")));
        line(
                "latency   p50 %s   p90 %s   p99 %s   (%s responses in the last %s s)"
                        .formatted(
                                Units.time(number(latency, "p50_seconds")),
                                Units.time(number(latency, "p90_seconds")),
                                Units.time(number(latency, "p99_seconds")),
                                count(latency, "count"),
                                count(latency, "window_seconds")));
        line(
                "queue     %s of %s   connections %s   HTTP/2 streams %s   WebSockets %s"
                        .formatted(
                                count(queue, "depth"),
                                count(queue, "bound"),
                                count(tree, "connections_open"),
                                count(tree, "streams_open"),
                                count(tree, "websockets_open")));
        line(
                "memory    resident %s   heap %s of %s   held for clients %s"
                        .formatted(
                                Units.bytes(number(memory, "resident_bytes")),
                                Units.bytes(number(memory, "heap_used_bytes")),
                                Units.bytes(number(memory, "heap_max_bytes")),
                                Units.bytes(number(memory, "held_bytes"))));
        line("refused   %s".formatted(nonZero(map(tree, "refusals_total"))));
        line("restarts  %s".formatted(nonZero(map(tree, "restarts_total"))));
        history();
        line("");
    }

    private void history() {
        List<?> rates = list(map(tree, "series"), "requests_per_second");
        if (rates.size() > 1) {
            double most =
                    rates.stream()
                            .mapToDouble(each -> value(each))
                            .filter(Double::isFinite)
                            .max()
                            .orElse(0);
            line(
                    "history   %s   requests/s, most %s"
                            .formatted(sparks(rates, most), Units.rate(most)));
        }
    }

    /// As many bars as there is room for; each is the most of its share of the steps.
    private static String sparks(List<?> values, double most) {
        int shares = Math.min(SPARKS, values.size());
        StringBuilder bars = new StringBuilder();
        for (int share = 0; share < shares; share++) {
            int from = share * values.size() / shares;
            int to = (share + 1) * values.size() / shares;
            double highest = 0;
            for (Object each : values.subList(from, to)) {
                highest = Math.max(highest, value(each));
            }
            int level = most > 0 ? (int) Math.ceil(highest / most * (BARS.length() - 1)) : 0;
            bars.append(BARS.charAt(level));
        }
        return bars.toString();
    }

    private void workers() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(
                List.of(
                        "worker",
                        "kind",
                        "pid",
                        "state",
                        "in flight",
                        "taken",
                        "busy",
                        "loop lag",
                        "restarts",
                        "memory"));
        for (Map<?, ?> worker : maps(tree, "workers")) {
            double busy = number(worker, "busy_ratio");
            rows.add(
                    List.of(
                            word(worker, "worker"),
                            word(worker, "kind"),
                            word(worker, "pid"),
                            blocked(worker) ? "BLOCKED" : word(worker, "state"),
                            count(worker, "in_flight"),
                            count(worker, "requests_taken"),
                            Double.isNaN(busy) ? NONE : Math.round(busy * 100) + " %",
                            Units.time(number(worker, "loop_lag_seconds")),
                            count(worker, "restarts"),
                            Units.bytes(number(worker, "resident_bytes"))));
        }
        table(rows);
        line("");
    }

    private static boolean blocked(Map<?, ?> worker) {
        return Boolean.TRUE.equals(worker.get("blocked"));
    }

    private void blocked() {
        for (Map<?, ?> worker : maps(tree, "workers")) {
            if (blocked(worker)) {
                Map<?, ?> request = map(worker, "blocked_by");
                line(
                        "worker %s has been blocked for %s%s"
                                .formatted(
                                        word(worker, "worker"),
                                        Units.time(number(worker, "blocked_seconds")),
                                        request.isEmpty() ? "" : " by " + request(request)));
                word(worker, "stack").lines().forEach(each -> line("  %s".formatted(each)));
                line("");
            }
        }
    }

    private void oldest() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("age", "worker", "oldest requests in flight"));
        for (Map<?, ?> request : maps(tree, "oldest_requests")) {
            Object worker = request.get("worker");
            String where = worker == null ? "waits" : worker.toString();
            boolean blocks = Boolean.TRUE.equals(request.get("blocks_worker"));
            rows.add(
                    List.of(
                            Units.time(number(request, "age_seconds")),
                            blocks ? where + ", blocks it" : where,
                            request(request)));
        }
        if (rows.size() > 1) {
            table(rows);
            line("");
        }
    }

    private static String request(Map<?, ?> request) {
        return word(request, "method") + " " + word(request, "path");
    }

    private void settings() {
        List<List<String>> rows = new ArrayList<>();
        for (Map<?, ?> each : maps(tree, "settings")) {
            rows.add(List.of(word(each, "option"), word(each, "value")));
        }
        table(rows);
    }

    private void table(List<List<String>> rows) {
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                int at = column;
                int width = rows.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
                line.append(row.get(column)).repeat(' ', width - row.get(column).length() + 2);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
    }

    private void line(String words) {
        text.append(words).append('\n');
    }

    // ---- what is in the tree

    private static String nonZero(Map<?, ?> counts) {
        String words =
                counts.entrySet().stream()
                        .filter(each -> value(each.getValue()) > 0)
                        .map(each -> each.getKey() + " " + Units.count(value(each.getValue())))
                        .collect(Collectors.joining("   "));
        return words.isEmpty() ? "none" : words;
    }

    private static double value(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private static double number(Map<?, ?> tree, String name) {
        return value(tree.get(name));
    }

    private static String count(Map<?, ?> tree, String name) {
        return Units.count(number(tree, name));
    }

    private static String word(Map<?, ?> tree, String name) {
        Object value = tree.get(name);
        return value == null ? NONE : value.toString();
    }

    private static String words(@Nullable Object value) {
        return value instanceof List<?> list && !list.isEmpty()
                ? list.stream().map(String::valueOf).collect(Collectors.joining(", "))
                : NONE;
    }

    private static Map<?, ?> map(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof List<?> list ? list : List.of();
    }

    private static List<Map<?, ?>> maps(Map<?, ?> tree, String name) {
        List<Map<?, ?>> maps = new ArrayList<>();
        for (Object each : list(tree, name)) {
            if (each instanceof Map<?, ?> map) {
                maps.add(map);
            }
        }
        return maps;
    }
}
