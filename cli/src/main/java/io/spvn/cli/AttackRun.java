package io.spvn.cli;

import io.spvn.loadtest.attack.ErrorKind;
import io.spvn.loadtest.attack.Progress;
import io.spvn.loadtest.attack.Run;
import io.spvn.loadtest.report.HtmlReport;
import io.spvn.loadtest.report.Json;
import io.spvn.loadtest.report.RunJson;
import io.spvn.loadtest.report.RunText;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One attack, from a checked plan to its reports and exit code.
final class AttackRun {
    private final Engine engine;
    private final Console console;

    AttackRun(Engine engine, Console console) {
        this.engine = engine;
        this.console = console;
    }

    /// Carries out the plan of an attack.
    @FunctionalInterface
    interface Engine {
        Run attack(AttackSettings settings, Consumer<Progress> progress);
    }

    int run(AttackSettings settings) {
        Path out = settings.out();
        ReportDir directory = out == null ? null : ReportDir.open(out);
        FileLimit.require(settings.plan().load().connections());
        Probe.connect(settings.plan().target());
        Run run = attack(settings);
        report(run, settings.json(), directory);
        requireResponses(run);
        return 0;
    }

    private Run attack(AttackSettings settings) {
        if (settings.quiet()) {
            return engine.attack(settings, _ -> {});
        }
        try (ProgressView view = new ProgressView(console)) {
            return engine.attack(settings, view);
        }
    }

    private void report(Run run, boolean json, @Nullable ReportDir directory) {
        Map<String, Object> tree = RunJson.of(run);
        String text = Json.text(tree) + "\n";
        Runnable shown = () -> console.report(json ? text : RunText.of(run));
        if (directory == null) {
            shown.run();
            return;
        }
        AllReports.write(
                shown,
                () -> directory.write("run.json", text),
                () -> directory.write("report.html", HtmlReport.attack(tree)));
    }

    private static void requireResponses(Run run) {
        if (run.failures() > 0) {
            throw new AttackFailure(
                    String.format(
                            Locale.ROOT,
                            "%,d of %,d requests had no response: %s",
                            run.failures(),
                            run.requests(),
                            reasons(run)));
        }
    }

    /// The most frequent first.
    private static String reasons(Run run) {
        return run.errors().entrySet().stream()
                .sorted(Map.Entry.<ErrorKind, Long>comparingByValue(Comparator.reverseOrder()))
                .map(
                        error ->
                                String.format(
                                        Locale.ROOT,
                                        "%s %,d",
                                        error.getKey().text(),
                                        error.getValue()))
                .collect(Collectors.joining(", "));
    }
}
