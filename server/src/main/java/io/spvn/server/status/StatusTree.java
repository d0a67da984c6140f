package io.spvn.server.status;

import io.spvn.bridge.asgi.Printable;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.WebSocketExchange;
import io.spvn.bridge.worker.Hang;
import io.spvn.bridge.worker.InHand;
import io.spvn.bridge.worker.ProcessMemory;
import io.spvn.bridge.worker.RestartReason;
import io.spvn.bridge.worker.WorkerDetail;
import io.spvn.bridge.worker.WorkerStatus;
import io.spvn.server.observe.Health;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.observe.Vitals;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The state of the server at one moment, as a tree of maps and lists: what `/status` says. Its
/// names are fixed, with their units in them. Of a request it has method and path, never the query,
/// in which secrets are passed.
///
/// @param identity what stays the same
record StatusTree(
        Identity identity,
        Health health,
        Vitals vitals,
        Insight insight,
        RequestMeters meters,
        History history) {
    /// How many requests are shown.
    private static final int OLDEST = 10;

    Map<String, @Nullable Object> at(long now) {
        List<WorkerDetail> workers = insight.workers();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        addIdentity(tree, now);
        tree.put("requests", requests(now));
        tree.put("latency", latency(now));
        tree.put("queue", queue());
        tree.put("connections_open", vitals.connections());
        tree.put("streams_open", meters.openStreams());
        tree.put("websockets_open", meters.openWebSockets());
        tree.put("memory", memory());
        tree.put("refusals_total", meters.counts().refusals());
        tree.put("restarts_total", restarts());
        tree.put("workers", workers.stream().map(each -> worker(each, now)).toList());
        tree.put("oldest_requests", oldest(workers, now));
        tree.put("series", history.tree());
        return tree;
    }

    private void addIdentity(Map<String, @Nullable Object> tree, long now) {
        tree.put("state", health.label());
        tree.put("ready", health.isReady(vitals.workers()));
        tree.put("ready_reason", health.reason(vitals.workers()));
        tree.put("app", identity.app());
        tree.put("spvn_version", identity.version());
        tree.put("java_version", Runtime.version().toString());
        tree.put("python_version", identity.python());
        tree.put("pid", ProcessHandle.current().pid());
        tree.put("started_at", identity.startedAt().toString());
        tree.put("uptime_seconds", seconds(identity.uptime(now).toNanos()));
        tree.put("addresses", insight.addresses());
        tree.put("admin_address", insight.adminAddress());
        tree.put(
                "settings",
                identity.settings().entrySet().stream()
                        .map(each -> setting(each.getKey(), each.getValue()))
                        .toList());
    }

    private static Map<String, Object> setting(String option, String value) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("option", option);
        tree.put("value", value);
        return tree;
    }

    private Map<String, Object> queue() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("depth", vitals.queueDepth());
        tree.put("bound", insight.queueCapacity());
        return tree;
    }

    private Map<String, @Nullable Object> requests(long now) {
        RequestMeters.Counts counts = meters.counts();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("per_second", history.rate(now));
        tree.put("total", counts.responses());
        tree.put("in_flight", inFlight());
        tree.put("server_errors_total", counts.errors());
        tree.put("by_class_total", counts.classes());
        tree.put("by_version_total", meters.versions());
        return tree;
    }

    private int inFlight() {
        return vitals.queueDepth()
                + vitals.workers().stream().mapToInt(WorkerStatus::inFlight).sum();
    }

    private Map<String, @Nullable Object> latency(long now) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("window_seconds", Math.round(history.latencySpan(now)));
        tree.putAll(history.latency().tree());
        return tree;
    }

    private Map<String, @Nullable Object> memory() {
        Runtime runtime = Runtime.getRuntime();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("resident_bytes", ProcessMemory.resident(ProcessHandle.current().pid()));
        tree.put("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
        tree.put("heap_max_bytes", runtime.maxMemory());
        tree.put("held_bytes", vitals.bytesHeld());
        return tree;
    }

    private Map<String, Object> restarts() {
        Map<String, Object> byReason = new LinkedHashMap<>();
        for (RestartReason reason : RestartReason.values()) {
            byReason.put(reason.label(), vitals.restarts(reason));
        }
        return byReason;
    }

    private Map<String, @Nullable Object> worker(WorkerDetail detail, long now) {
        WorkerStatus status = detail.status();
        WorkerStatus.Host host = status.host();
        boolean apart = host.pid() != 0;
        Hang hang = detail.hang();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("worker", status.worker());
        tree.put("kind", host.kind().label());
        tree.put("pid", apart ? host.pid() : ProcessHandle.current().pid());
        tree.put("state", status.state().label());
        tree.put("in_flight", status.inFlight());
        tree.put("requests_taken", detail.taken());
        tree.put("loop_lag_seconds", seconds(status.loopLag().toNanos()));
        tree.put("busy_ratio", history.busyRatio(status.worker()));
        tree.put("restarts", detail.restarts());
        tree.put("resident_bytes", apart ? host.residentBytes() : null);
        tree.put("blocked", hang != null);
        tree.put("blocked_seconds", hang == null ? 0 : seconds(hang.blocked().toNanos()));
        tree.put("blocked_by", hang == null ? null : request(hang.request(), now));
        tree.put("stack", hang == null ? null : hang.stack());
        return tree;
    }

    private static @Nullable Map<String, @Nullable Object> request(
            @Nullable Exchange exchange, long now) {
        if (exchange == null) {
            return null;
        }
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        switch (exchange) {
            case HttpExchange http -> {
                tree.put("method", Printable.line(bytes(http.scope().method())));
                tree.put("path", Printable.line(http.scope().rawPath()));
            }
            case WebSocketExchange webSocket -> {
                tree.put("method", "WebSocket");
                tree.put("path", Printable.line(webSocket.scope().rawPath()));
            }
        }
        tree.put("age_seconds", seconds(now - exchange.createdAt()));
        return tree;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private List<Map<String, @Nullable Object>> oldest(List<WorkerDetail> workers, long now) {
        Set<Integer> blocked =
                workers.stream()
                        .filter(each -> each.hang() != null)
                        .map(each -> each.status().worker())
                        .collect(Collectors.toSet());
        return insight.oldest(OLDEST).stream()
                .map(each -> inHand(each, blocked, workers, now))
                .toList();
    }

    private static Map<String, @Nullable Object> inHand(
            InHand one, Set<Integer> blocked, List<WorkerDetail> workers, long now) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        Map<String, @Nullable Object> request = request(one.exchange(), now);
        tree.putAll(request == null ? Map.of() : request);
        tree.put("worker", one.worker() == InHand.QUEUE ? null : one.worker());
        tree.put("worker_blocked", blocked.contains(one.worker()));
        tree.put("blocks_worker", workers.stream().anyMatch(each -> blocks(one, each)));
        return tree;
    }

    private static boolean blocks(InHand one, WorkerDetail worker) {
        Hang hang = worker.hang();
        return hang != null && one.exchange().equals(hang.request());
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }
}
