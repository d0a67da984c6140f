package io.spvn.cli;

import io.spvn.bridge.trial.Examination;
import io.spvn.bridge.trial.Examination.Refusal;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.IsolationChoice;
import io.spvn.server.SpvnServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A diagnosis as plain text in columns.
final class DoctorReport {
    private static final String REFUSES = "does not support sub-interpreters";
    private static final double MEGA = 1024.0 * 1024;

    private final Diagnosis diagnosis;
    private final List<List<String>> facts = new ArrayList<>();

    private DoctorReport(Diagnosis diagnosis) {
        this.diagnosis = diagnosis;
    }

    static String text(Diagnosis diagnosis) {
        return new DoctorReport(diagnosis).text();
    }

    private String text() {
        installation();
        machine();
        app();
        StringBuilder text = new StringBuilder(table("", facts));
        refusals(text);
        return text.toString();
    }

    private void fact(String name, String value) {
        facts.add(List.of(name, value));
    }

    private void installation() {
        fact("spvn", SpvnServer.VERSION + ", " + diagnosis.home());
        fact(
                "JDK",
                "%s (%s), %s"
                        .formatted(
                                System.getProperty("java.version"),
                                System.getProperty("java.vendor"),
                                System.getProperty("java.home")));
        Examination found = diagnosis.python();
        Examination.Python python = found.python();
        fact(
                "Python",
                python == null
                        ? "does not run"
                        : "%s %s, %s"
                                .formatted(
                                        python.version(), python.threads(), python.executable()));
        fact("libpython", diagnosis.library().toString());
        String jep = diagnosis.jep();
        fact("Jep", (jep == null ? "missing in " : jep + ", ") + diagnosis.support());
        String uvloop = found.uvloop();
        fact("uvloop", uvloop == null ? "not installed" : uvloop.isEmpty() ? "yes" : uvloop);
    }

    private void machine() {
        Machine machine = diagnosis.machine();
        fact(
                "open files",
                "%s, at most %s".formatted(limit(machine.files()), limit(machine.mostFiles())));
        fact("CPUs", String.valueOf(machine.cpus()));
        OptionalLong bound = machine.bound();
        fact(
                "memory",
                "%s, %s Java heap %s"
                        .formatted(
                                size(machine.memory()),
                                bound.isEmpty()
                                        ? ""
                                        : "of which the control group leaves " + size(bound) + ",",
                                size(OptionalLong.of(machine.heap())))
                        .replaceAll(" +", " "));
    }

    private static String limit(OptionalLong value) {
        return value.isEmpty() ? "unlimited" : String.valueOf(value.getAsLong());
    }

    private static String size(OptionalLong bytes) {
        return bytes.isEmpty()
                ? "unknown"
                : String.format(Locale.ROOT, "%.0f MB", bytes.getAsLong() / MEGA);
    }

    private void app() {
        if (diagnosis.app() == null) {
            return;
        }
        Examination found = diagnosis.python();
        Examination.Import imported = found.app();
        String how = imported == null || !imported.done() ? "cannot be imported" : "is imported";
        fact(
                "app",
                "%s in %s: %s".formatted(diagnosis.app().target(), diagnosis.app().appDir(), how));
        choice("1 worker", diagnosis.one());
        choice("more workers", diagnosis.more());
        if (found.modules() != null) {
            fact(
                    "extensions",
                    "%d modules in its environment, %d of them refuse sub-interpreters"
                            .formatted(found.modules(), found.refusals().size()));
        }
        IsolationChoice more = diagnosis.more();
        if (more != null && more.isolation() != Isolation.SUBINTERPRETER) {
            fact("for sub-interpreters", change(found));
        }
    }

    private void choice(String name, @Nullable IsolationChoice choice) {
        if (choice != null) {
            fact(name, choice.label() + ": " + choice.reason());
        }
    }

    /// What would have to change.
    private static String change(Examination found) {
        if (found.refusals().isEmpty()) {
            return found.modules() == null
                    ? "another Python would be needed"
                    : "the app would have to change";
        }
        String packages =
                found.refusals().stream()
                        .map(refusal -> refusal.module().replaceFirst("\\..*", ""))
                        .distinct()
                        .collect(Collectors.joining(", "));
        return "these would have to go: " + packages;
    }

    private void refusals(StringBuilder text) {
        Examination found = diagnosis.python();
        if (found.refusals().isEmpty()) {
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("module", "own GIL", "shared GIL", "imported"));
        for (Refusal refusal : found.refusals()) {
            boolean loaded = found.loaded().contains(refusal.module());
            rows.add(
                    List.of(
                            refusal.module(),
                            verb(refusal.own()),
                            verb(refusal.shared()),
                            loaded ? "yes" : "no"));
        }
        text.append('\n').append(table("  ", rows));
    }

    private static String verb(String words) {
        return words.isEmpty() ? "loads" : words.equals(REFUSES) ? "refuses" : words;
    }

    /// Lines whose columns are as wide as they have to be.
    private static String table(String indent, List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
