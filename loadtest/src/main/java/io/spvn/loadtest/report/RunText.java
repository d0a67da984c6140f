package io.spvn.loadtest.report;

import static java.lang.String.format;
import static java.util.Locale.ROOT;

import io.spvn.loadtest.attack.Distribution;
import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Percentiles;
import io.spvn.loadtest.attack.Run;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The report of an attack for people.
public final class RunText {
    private static final String COLUMNS = "%-10s %10s %10s %10s %10s %10s %10s %10s";

    private final Run run;
    private final StringBuilder text = new StringBuilder();

    private RunText(Run run) {
        this.run = run;
    }

    /// Lines, the last one with its end.
    public static String of(Run run) {
        return new RunText(run).text();
    }

    private String text() {
        line(run.plan().request().method() + " " + run.plan().target().url());
        line(load(run.plan().load()) + (run.stopped() ? ", stopped early" : ""));
        line("");
        counts();
        line("");
        times();
        warnings();
        return text.toString();
    }

    private static String load(Load load) {
        String connections = Units.connections(load.connections());
        return switch (load) {
            case Load.Open(Pacer.Constant(double rate), _) ->
                    "open loop, %s req/s over %s".formatted(Units.rate(rate), connections);
            case Load.Open(Pacer.Ramp(double from, double to, _), _) ->
                    "open loop, %s to %s req/s over %s"
                            .formatted(Units.rate(from), Units.rate(to), connections);
            case Load.Closed _ -> "closed loop, " + connections;
        };
    }

    private void counts() {
        row("requests", format(ROOT, "%,d in %.2f s", run.requests(), seconds()));
        row("responses", format(ROOT, "%,d, %,.1f a second", run.responses(), run.rate()));
        row("2xx", format(ROOT, "%,d, %,.1f a second", run.successes(), run.goodput()));
        row("success", format(ROOT, "%.3f %%", successPercent()));
        row("statuses", statuses());
        row("errors", errors());
        if (run.unfinished() > 0) {
            row("unfinished", format(ROOT, "%,d", run.unfinished()));
        }
        row("sent", Units.bytes(run.bytesSent()));
        row("received", Units.bytes(run.bytesReceived()));
    }

    /// 100 only if there was nothing but success.
    private double successPercent() {
        double ratio = run.successRatio();
        return ratio < 1 ? Math.min(99.999, 100 * ratio) : 100;
    }

    private double seconds() {
        return run.elapsed().toNanos() / 1e9;
    }

    private String statuses() {
        return counts(run.statuses(), status -> Integer.toString(status));
    }

    private String errors() {
        return counts(run.errors(), ErrorKind::text);
    }

    private static <K> String counts(Map<K, Long> counts, Function<K, String> name) {
        if (counts.isEmpty()) {
            return "none";
        }
        return counts.entrySet().stream()
                .map(count -> format(ROOT, "%s: %,d", name.apply(count.getKey()), count.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void times() {
        line(format(ROOT, COLUMNS, "", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "max"));
        times("latency", run.latency());
        if (run.latencyByClass().size() > 1) {
            run.latencyByClass()
                    .forEach((statusClass, times) -> times("  of " + statusClass + "xx", times));
        }
        if (run.plan().load() instanceof Load.Open) {
            times("service", run.service());
            times("lag", run.lag());
            line("");
            line("latency: from when a request was due; service: from when it had a connection;");
            line("lag: of this program, from when a request could be sent to when it was");
        }
    }

    private void times(String name, Distribution distribution) {
        Percentiles times = distribution.percentiles();
        if (times.count() == 0) {
            row(name, "none");
            return;
        }
        line(
                format(
                        ROOT,
                        COLUMNS,
                        name,
                        Units.time(times.mean()),
                        Units.time(times.p50()),
                        Units.time(times.p90()),
                        Units.time(times.p99()),
                        Units.time(times.p999()),
                        Units.time(times.p9999()),
                        Units.time(times.max())));
    }

    private void warnings() {
        if (run.failures() > 0) {
            line("");
            line(
                    format(
                            ROOT,
                            "%,d requests (%.3f %%) had no response and are not in these"
                                    + " percentiles.",
                            run.failures(),
                            100.0 * run.failures() / run.requests()));
        }
        Queueing.of(run)
                .ifPresent(
                        note -> {
                            line("");
                            line(note.what());
                            line(note.more());
                        });
        if (run.isLate()) {
            line("");
            line("This program was late itself (see lag): the figures are in doubt.");
        }
    }

    private void row(String name, String value) {
        line(format(ROOT, "%-11s%s", name, value));
    }

    private void line(String line) {
        text.append(line.stripTrailing()).append('\n');
    }
}
