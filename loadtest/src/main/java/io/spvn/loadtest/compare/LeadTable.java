package io.spvn.loadtest.compare;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Who leads, in one Markdown table: a line for each scenario, a column for each server.
final class LeadTable {
    private static final String NOT_RUN = "not run";
    private static final String BEHIND = "did not keep up";
    private static final String TROUBLE = "*";

    private final List<Peer> peers;
    private final Results results;

    LeadTable(List<Peer> peers, Results results) {
        this.peers = peers;
        this.results = results;
    }

    /// Lines, each with its end.
    String text(List<Scenario> scenarios) {
        String names = peers.stream().map(Peer::name).collect(Collectors.joining(" | "));
        String head = "| scenario | " + names + " |\n|---" + "|---".repeat(peers.size()) + "|\n";
        return head + scenarios.stream().map(this::line).collect(Collectors.joining());
    }

    private String line(Scenario scenario) {
        return results.of(scenario).stream()
                .map(this::cell)
                .collect(Collectors.joining(" | ", "| " + scenario.title() + " | ", " |\n"));
    }

    private String cell(Row row) {
        if (!row.isMeasured()) {
            return NOT_RUN;
        }
        String trouble = row.failures() + row.nonSuccesses() > 0 ? TROUBLE : "";
        if (!row.isComparable()) {
            return BEHIND + trouble;
        }
        return (results.hasLead(row) ? lead(row) : figure(row)) + trouble;
    }

    private String lead(Row row) {
        return String.format(Locale.ROOT, "%.2f", results.lead(row));
    }

    private static String figure(Row row) {
        return switch (row.scenario().leadsBy()) {
            case RATE ->
                    String.format(
                            Locale.ROOT,
                            "%,.0f/s",
                            row.spread(sample -> sample.run().goodput()).median());
            case LATENCY -> String.format(Locale.ROOT, "%.2f ms", row.spread(Sample::p99).median());
        };
    }
}
