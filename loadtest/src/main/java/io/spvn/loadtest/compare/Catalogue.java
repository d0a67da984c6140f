package io.spvn.loadtest.compare;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// The names that a user may ask for.
public final class Catalogue {
    /// The servers of a quick comparison.
    private static final List<String> QUICK = List.of("spvn", "granian", "uvicorn");

    private Catalogue() {}

    /// All servers, spvn first.
    public static List<String> peers() {
        return Peers.ALL.stream().map(Peer::name).toList();
    }

    /// All scenarios, in the order in which they are told.
    public static List<String> scenarios() {
        return Scenarios.with(new byte[0]).stream().map(Scenario::name).toList();
    }

    /// What each scenario is about in a few words, by its name.
    public static SequencedMap<String, String> scenarioTitles() {
        SequencedMap<String, String> titles = new LinkedHashMap<>();
        Scenarios.with(new byte[0]).forEach(one -> titles.put(one.name(), one.title()));
        return titles;
    }

    static List<String> checkedPeers(List<String> names, boolean quick) {
        if (names.isEmpty()) {
            return quick ? QUICK : peers();
        }
        return checked("server", names, peers());
    }

    static List<String> checkedScenarios(List<String> names) {
        return names.isEmpty() ? scenarios() : checked("scenario", names, scenarios());
    }

    private static List<String> checked(String what, List<String> names, List<String> known) {
        SequencedSet<String> unknown = new LinkedHashSet<>(names);
        known.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException(
                    "no such %s: %s; known are %s"
                            .formatted(what, String.join(", ", unknown), String.join(", ", known)));
        }
        return List.copyOf(new LinkedHashSet<>(names));
    }
}
