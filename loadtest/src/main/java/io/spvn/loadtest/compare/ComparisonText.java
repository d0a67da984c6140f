package io.spvn.loadtest.compare;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A comparison as Markdown: what it ran on and how, then a table for each scenario.
final class ComparisonText {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String HEAD =
            """
            | server | workers | goodput req/s (spread) | spvn leads by | p50 ms | p99 ms (spread) | p99.9 ms \
            | CPU us/req | RSS MiB | failures | non-2xx |
            |---|---|---|---|---|---|---|---|---|---|---|
            """;
    private static final String READING =
            """
            Medians over the rounds, with the least and the greatest; failures and non-2xx are those of all
            rounds. Goodput counts responses with a status of 2xx, and latency is theirs, from when the request
            was due. spvn leads by goodput in closed loops and under overload, by p99 at fixed rates; below 1 the
            other server leads. At a fixed rate there is no lead to tell over a server that did not keep up, or of
            one. RSS counts a page that several processes share once for each of them.
            """;
    private static final String LEADS =
            """
            spvn's own figure (goodput or p99), and its lead over each other server: above 1 spvn is ahead, below
            1 the other one. * with failures or statuses other than 2xx.
            """;
    private static final double FINE = 10;
    private static final String NONE = "-";

    private final Facts facts;
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private ComparisonText(Facts facts, Results results) {
        this.facts = facts;
        this.results = results;
    }

    static String of(Facts facts, Results results) {
        return new ComparisonText(facts, results).text();
    }

    private String text() {
        line("# Comparison of servers, " + DATE.format(facts.started()));
        line("");
        machine();
        settings();
        line("");
        commands();
        leads();
        facts.scenarios().forEach(this::table);
        return text.toString();
    }

    private void machine() {
        Machine machine = facts.machine();
        line(
                "Machine: %s CPUs (%s), %s MiB, %s, Java %s, Python %s; shared by load generator and servers."
                        .formatted(
                                machine.cpus(),
                                machine.cpuModel(),
                                count(machine.memoryMib()),
                                machine.kernel(),
                                machine.java(),
                                facts.python()));
    }

    private void settings() {
        ComparisonSettings settings = facts.settings();
        line(
                "Rounds: %s of %s s each, %s s warm-up after a start; servers in turn, order alternating.%s"
                        .formatted(
                                settings.rounds(),
                                seconds(settings.seconds()),
                                seconds(settings.warmup()),
                                facts.stopped() ? " **Stopped before the end.**" : ""));
        text.append(READING);
    }

    private void commands() {
        for (Peer peer : facts.peers()) {
            facts.workers().stream()
                    .filter(workers -> facts.runs(peer, workers))
                    .forEach(workers -> line("    " + peer.shown(workers)));
        }
        line("");
        line(
                facts.peers().stream()
                        .map(peer -> (peer.name() + " " + facts.version(peer)).strip())
                        .collect(Collectors.joining(", ", "Versions: ", ".")));
    }

    private void leads() {
        line("");
        line("## Who leads");
        line("");
        text.append(LEADS);
        line("");
        text.append(new LeadTable(facts.peers(), results).text(facts.scenarios()));
    }

    private void table(Scenario scenario) {
        line("");
        line("## %s (`%s`)".formatted(scenario.title(), scenario.name()));
        line("");
        line("%s App `%s`.".formatted(scenario.about(), scenario.group().app()));
        line("");
        text.append(HEAD);
        List<Row> rows = results.of(scenario);
        rows.forEach(this::row);
        notes(rows);
    }

    private void row(Row row) {
        String start = "| %s | %s | ".formatted(row.peer(), facts.workers(row.scenario()));
        if (row.isMeasured()) {
            line(start + String.join(" | ", figures(row)) + " |");
        } else {
            line(start + "not run: " + cell(row.why()) + " | | | | | | | | | |");
        }
    }

    private List<String> figures(Row row) {
        return List.of(
                spread(row.spread(sample -> sample.run().goodput())),
                lead(row),
                number(row.spread(Sample::p50).median()),
                spread(row.spread(Sample::p99)),
                number(row.spread(Sample::p999).median()),
                number(row.spread(Sample::cpuMicros).median()),
                number(row.spread(Sample::residentMib).median()),
                count(row.failures()),
                count(row.nonSuccesses()));
    }

    private static String spread(Spread figure) {
        return "%s (%s-%s)"
                .formatted(number(figure.median()), number(figure.min()), number(figure.max()));
    }

    private String lead(Row row) {
        return results.hasLead(row) ? String.format(Locale.ROOT, "%.2f", results.lead(row)) : NONE;
    }

    private void notes(List<Row> rows) {
        List<String> notes =
                rows.stream()
                        .flatMap(
                                row ->
                                        all(row).stream()
                                                .map(
                                                        note ->
                                                                "- %s: %s"
                                                                        .formatted(
                                                                                row.peer(),
                                                                                cell(note))))
                        .toList();
        if (!notes.isEmpty()) {
            line("");
            notes.forEach(this::line);
        }
    }

    private static List<String> all(Row row) {
        Map<String, Long> kinds = row.failuresByKind();
        if (kinds.isEmpty()) {
            return row.notes();
        }
        String failures =
                kinds.entrySet().stream()
                        .map(kind -> "%s %,d".formatted(kind.getKey(), kind.getValue()))
                        .collect(Collectors.joining(", "));
        return Stream.concat(Stream.of("failures: " + failures), row.notes().stream()).toList();
    }

    /// What others wrote must not end the cell.
    private static String cell(String words) {
        return words.replace("|", "\\|");
    }

    private static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    private static String number(double figure) {
        if (!Double.isFinite(figure)) {
            return NONE;
        }
        String format =
                Math.abs(figure) < FINE ? "%.2f" : Math.abs(figure) < 1_000 ? "%.1f" : "%,.0f";
        return String.format(Locale.ROOT, format, figure);
    }

    private static String seconds(Duration time) {
        return number(time.toMillis() / 1e3);
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
