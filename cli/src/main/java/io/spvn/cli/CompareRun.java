package io.spvn.cli;

import io.spvn.loadtest.compare.Catalogue;
import io.spvn.loadtest.compare.ComparisonResult;
import io.spvn.loadtest.compare.ComparisonSettings;
import io.spvn.loadtest.report.HtmlReport;
import io.spvn.loadtest.report.Json;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// One comparison, from its settings to its reports and exit code.
final class CompareRun {
    private final Engine engine;
    private final Console console;

    CompareRun(Engine engine, Console console) {
        this.engine = engine;
        this.console = console;
    }

    /// Measures the servers.
    @FunctionalInterface
    interface Engine {
        ComparisonResult compare(ComparisonSettings settings, Consumer<String> log);
    }

    int run(CompareSettings settings) {
        ReportDir directory = ReportDir.open(settings.out());
        ComparisonResult result = engine.compare(settings.comparison(), console.err()::println);
        report(result, settings.json(), directory);
        return result.complete() ? 0 : 1;
    }

    /// Shows what can be named.
    int list() {
        console.report(
                lines("Servers", Catalogue.peers()) + "\n" + lines("Scenarios", titledScenarios()));
        return 0;
    }

    private static List<String> titledScenarios() {
        return Catalogue.scenarioTitles().entrySet().stream()
                .map(one -> String.format(Locale.ROOT, "%-14s %s", one.getKey(), one.getValue()))
                .toList();
    }

    private static String lines(String heading, List<String> names) {
        return heading + "\n  " + String.join("\n  ", names) + "\n";
    }

    private void report(ComparisonResult result, boolean json, ReportDir directory) {
        String text = Json.text(result.json()) + "\n";
        AllReports.write(
                () -> console.report(json ? text : result.markdown()),
                () -> directory.write("comparison.json", text),
                () -> directory.write("comparison.md", result.markdown()),
                () -> page(result, directory));
    }

    private void page(ComparisonResult result, ReportDir directory) {
        directory.write("report.html", HtmlReport.comparison(result.json()));
        console.err().println("report: " + directory.path().resolve("report.html"));
    }
}
