package io.spvn.loadtest.compare;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row for each scenario and server. Used by one thread.
final class Results {
    private final List<Row> rows = new ArrayList<>();

    Results(List<Scenario> scenarios, List<Peer> peers) {
        for (Scenario scenario : scenarios) {
            for (Peer peer : peers) {
                rows.add(new Row(scenario, peer.name()));
            }
        }
    }

    List<Row> rows() {
        return rows;
    }

    List<Row> of(Scenario scenario) {
        return rows.stream().filter(row -> row.scenario().name().equals(scenario.name())).toList();
    }

    /// The rows that a leg fills.
    List<Row> of(Leg leg) {
        return rows.stream()
                .filter(row -> row.scenario().group().equals(leg.group()))
                .filter(row -> row.peer().equals(leg.peer().name()))
                .toList();
    }

    List<Group> groups() {
        return rows.stream().map(row -> row.scenario().group()).distinct().toList();
    }

    /// The row of the server whose lead is told, or null if it does not take part.
    @Nullable Row reference(Scenario scenario) {
        return of(scenario).stream()
                .filter(row -> row.peer().equals("spvn"))
                .findFirst()
                .orElse(null);
    }

    /// Whether spvn's lead over a row's server, another one, can be told.
    boolean hasLead(Row row) {
        return Double.isFinite(lead(row)) && !row.equals(reference(row.scenario()));
    }

    /// spvn's lead over a row's server; not a number if there is none to tell.
    double lead(Row row) {
        Row reference = reference(row.scenario());
        return reference == null ? Double.NaN : row.ledBy(reference);
    }
}
