package io.spvn.loadtest.compare;

import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.report.RunJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// A comparison as a tree for JSON: times in milliseconds, rates a second.
final class ComparisonJson {
    private static final int FORMAT = 1;

    private final Facts facts;
    private final Results results;

    private ComparisonJson(Facts facts, Results results) {
        this.facts = facts;
        this.results = results;
    }

    static Map<String, Object> of(Facts facts, Results results) {
        return new ComparisonJson(facts, results).tree();
    }

    private Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("kind", "comparison");
        tree.put("tool", "spvn loadtest");
        tree.put("format", FORMAT);
        tree.put("started", facts.started().toString());
        tree.put("finished", facts.finished().toString());
        tree.put("stopped", facts.stopped());
        tree.put("machine", facts.machine().tree(facts.python()));
        tree.put("settings", settings());
        tree.put("peers", facts.peers().stream().map(this::peer).toList());
        tree.put("scenarios", facts.scenarios().stream().map(this::scenario).toList());
        tree.put("rows", results.rows().stream().map(this::row).toList());
        return tree;
    }

    private Map<String, Object> settings() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("rounds", facts.settings().rounds());
        tree.put("seconds", facts.settings().seconds().toMillis() / 1e3);
        tree.put("warmup_s", facts.settings().warmup().toMillis() / 1e3);
        tree.put("quick", facts.settings().quick());
        return tree;
    }

    private Map<String, Object> peer(Peer peer) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", peer.name());
        tree.put("version", facts.version(peer));
        Map<String, String> commands = new LinkedHashMap<>();
        facts.workers().stream()
                .filter(workers -> facts.runs(peer, workers))
                .forEach(workers -> commands.put(workers.toString(), peer.shown(workers)));
        tree.put("commands", commands);
        return tree;
    }

    private Map<String, Object> scenario(Scenario scenario) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", scenario.name());
        tree.put("title", scenario.title());
        tree.put("about", scenario.about());
        tree.put("app", scenario.group().app());
        tree.put("workers", facts.workers(scenario));
        tree.put("load", load(scenario.course()));
        tree.put("leads_by", scenario.leadsBy().name().toLowerCase(Locale.ROOT));
        return tree;
    }

    private static Map<String, Object> load(Course course) {
        return switch (course) {
            case Course.Steady(Load load) -> RunJson.load(load);
            case Course.Blocked(Load load, _) -> RunJson.load(load);
            case Course.SlowClients(Load load, _) -> RunJson.load(load);
            case Course.Overload(double factor, int connections, _) -> {
                Map<String, Object> tree = new LinkedHashMap<>();
                tree.put("mode", "open");
                tree.put("factor", factor);
                tree.put("connections", connections);
                yield tree;
            }
        };
    }

    private Map<String, Object> row(Row row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("scenario", row.scenario().name());
        tree.put("peer", row.peer());
        if (row.isMeasured()) {
            tree.put("outcome", "measured");
            putFigures(tree, row);
        } else {
            tree.put("outcome", "not run");
            tree.put("why", row.why());
        }
        return tree;
    }

    private void putFigures(Map<String, Object> tree, Row row) {
        tree.put("median", median(row));
        tree.put("spread", spread(row));
        double lead = results.lead(row);
        if (Double.isFinite(lead)) {
            tree.put("ratio", lead);
        }
        tree.put("failures_by_kind", row.failuresByKind());
        tree.put("notes", row.notes());
        Sample typical = row.typical();
        tree.put("distribution", RunJson.points(typical.latency()));
        tree.put("intervals", typical.run().intervals().stream().map(RunJson::interval).toList());
        tree.put("rounds", row.samples().stream().map(Sample::tree).toList());
    }

    /// Failures and refusals are those of all rounds.
    private static Map<String, Object> median(Row row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("rate", row.spread(sample -> sample.run().rate()).median());
        tree.put("goodput", row.spread(sample -> sample.run().goodput()).median());
        tree.put("p50", row.spread(Sample::p50).median());
        tree.put("p99", row.spread(Sample::p99).median());
        tree.put("p99_9", row.spread(Sample::p999).median());
        tree.put("max", row.spread(Sample::max).median());
        Figures.put(tree, "cpu_us", row.spread(Sample::cpuMicros).median());
        Figures.put(tree, "rss_mib", row.spread(Sample::residentMib).median());
        tree.put("failures", row.failures());
        tree.put("non_2xx", row.nonSuccesses());
        return tree;
    }

    private static Map<String, Object> spread(Row row) {
        Map<String, Object> tree = new LinkedHashMap<>();
        putRange(tree, "rate", row, sample -> sample.run().rate());
        putRange(tree, "goodput", row, sample -> sample.run().goodput());
        putRange(tree, "p99", row, Sample::p99);
        putRange(tree, "cpu_us", row, Sample::cpuMicros);
        putRange(tree, "rss_mib", row, Sample::residentMib);
        return tree;
    }

    private static void putRange(
            Map<String, Object> tree, String name, Row row, ToDoubleFunction<Sample> figure) {
        Spread spread = row.spread(figure);
        if (Double.isFinite(spread.median())) {
            tree.put(name, List.of(spread.min(), spread.max()));
        }
    }
}
