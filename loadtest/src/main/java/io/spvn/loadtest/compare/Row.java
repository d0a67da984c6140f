package io.spvn.loadtest.compare;

import io.spvn.loadtest.report.RunJson;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// All rounds of one server in one scenario.
final class Row {
    private final Scenario scenario;
    private final String peer;
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private @Nullable String why;

    Row(Scenario scenario, String peer) {
        this.scenario = scenario;
        this.peer = peer;
    }

    void add(Sample sample) {
        samples.add(sample);
        notes.addAll(sample.notes());
    }

    /// A round did not take place. Without any other this is the reason for the whole row.
    void notRun(int round, String reason) {
        if (samples.isEmpty()) {
            why = reason;
        } else {
            notes.add("round %d not run: %s".formatted(round, reason));
        }
    }

    /// Whether it is settled that there is nothing to measure.
    boolean isHopeless() {
        return samples.isEmpty() && why != null;
    }

    boolean isMeasured() {
        return !samples.isEmpty();
    }

    Scenario scenario() {
        return scenario;
    }

    String peer() {
        return peer;
    }

    /// Why it was not run.
    String why() {
        return why == null ? "the comparison ended before" : why;
    }

    List<String> notes() {
        return notes;
    }

    List<Sample> samples() {
        return samples;
    }

    /// Over the rounds in which the figure could be measured.
    Spread spread(ToDoubleFunction<Sample> figure) {
        return Spread.of(samples.stream().mapToDouble(figure).filter(Double::isFinite).toArray());
    }

    /// Failures and refusals are added up: none of them is to be hidden by a median.
    long failures() {
        return samples.stream().mapToLong(sample -> sample.run().failures()).sum();
    }

    long nonSuccesses() {
        return samples.stream().mapToLong(Sample::nonSuccesses).sum();
    }

    Map<String, Long> failuresByKind() {
        Map<String, Long> sums = new LinkedHashMap<>();
        for (Sample sample : samples) {
            RunJson.errors(sample.run().errors())
                    .forEach((kind, count) -> sums.merge(kind, count, Long::sum));
        }
        return sums;
    }

    /// The round whose decisive figure is the median, the lower one of two.
    Sample typical() {
        return samples.stream()
                .sorted(Comparator.comparingDouble(this::decisive))
                .toList()
                .get((samples.size() - 1) / 2);
    }

    /// The figure that decides who leads: more is better by rate, less by latency.
    double decisive() {
        return spread(this::decisive).median();
    }

    private double decisive(Sample sample) {
        return switch (scenario.leadsBy()) {
            case RATE -> sample.run().goodput();
            case LATENCY -> sample.p99();
        };
    }

    /// Whether it has something to compare: at a fixed rate, the latency of a server that did not
    /// keep up tells how long the run was, and that of one that refused tells nothing.
    boolean isComparable() {
        return isMeasured()
                && decisive() > 0
                && (scenario.leadsBy() == Scenario.LeadsBy.RATE
                        || samples.stream().allMatch(this::keptUp));
    }

    /// One that was held up on purpose has its time to catch up after the run.
    private boolean keptUp(Sample sample) {
        return sample.isSound()
                && (scenario.course() instanceof Course.Blocked || sample.keptPace());
    }

    /// How far another server leads this one: above 1 when it does; not a number if either has
    /// nothing to show.
    double ledBy(Row other) {
        if (!isComparable() || !other.isComparable()) {
            return Double.NaN;
        }
        return switch (scenario.leadsBy()) {
            case RATE -> other.decisive() / decisive();
            case LATENCY -> decisive() / other.decisive();
        };
    }
}
