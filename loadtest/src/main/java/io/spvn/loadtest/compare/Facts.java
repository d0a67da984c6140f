package io.spvn.loadtest.compare;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/// All about a comparison but its figures.
///
/// @param stopped whether it was ended before its time
/// @param python version
/// @param versions of the servers, by name
record Facts(
        Instant started,
        Instant finished,
        boolean stopped,
        Machine machine,
        String python,
        ComparisonSettings settings,
        List<Scenario> scenarios,
        List<Peer> peers,
        Map<String, String> versions) {
    /// The numbers of workers that servers are started with, ascending.
    List<Integer> workers() {
        return scenarios.stream().map(this::workers).distinct().sorted().toList();
    }

    int workers(Scenario scenario) {
        return scenario.group().workers().count(machine.cpus());
    }

    String version(Peer peer) {
        return versions.getOrDefault(peer.name(), "");
    }

    /// Whether a server can be started with so many workers at all.
    boolean runs(Peer peer, int workers) {
        return workers == 1 || peer.single() == null;
    }
}
