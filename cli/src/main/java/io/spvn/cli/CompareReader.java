package io.spvn.cli;

import io.spvn.loadtest.compare.Catalogue;
import io.spvn.loadtest.compare.ComparisonSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is compared, where the servers are made, and where the report goes.
final class CompareReader {
    private static final DateTimeFormatter DIRECTORY =
            DateTimeFormatter.ofPattern("'comparison'-yyyyMMdd-HHmmss", Locale.ROOT);

    private final CompareCommand options;
    private final Installation installation;

    CompareReader(CompareCommand options, Installation installation) {
        this.options = options;
        this.installation = installation;
    }

    CompareSettings settings() {
        return new CompareSettings(comparison(), out(), options.report.json);
    }

    private ComparisonSettings comparison() {
        CompareCommand.Choice choice = options.choice;
        CompareCommand.Length length = options.length;
        boolean quick = length.quick;
        requireKnown("--peers", choice.peers, Catalogue.peers());
        requireKnown("--scenario", choice.scenario, Catalogue.scenarios());
        Path home = installation.home();
        return Resolve.field(
                () ->
                        new ComparisonSettings(
                                choice.peers,
                                choice.scenario,
                                Resolve.or(length.rounds, ComparisonSettings.defaultRounds(quick)),
                                Resolve.or(
                                        length.seconds, ComparisonSettings.defaultSeconds(quick)),
                                Resolve.or(length.warmup, ComparisonSettings.defaultWarmup(quick)),
                                quick,
                                Path.of(installation.program()),
                                installation.pythonExecutable(),
                                installation.state(),
                                home.resolve("loadtest/apps"),
                                document()));
    }

    private static void requireKnown(String option, List<String> names, List<String> known) {
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UsageError(
                        "%s: '%s' is not one of %s"
                                .formatted(option, name, String.join(", ", known)));
            }
        }
    }

    private @Nullable Path document() {
        Path file = options.choice.document;
        if (file != null && !Files.isReadable(file)) {
            throw new UsageError("--document: " + file + ": no such file, or not readable");
        }
        return file;
    }

    private Path out() {
        Path given = options.report.out;
        return given != null
                ? given
                : Path.of(DIRECTORY.format(LocalDateTime.now(ZoneId.systemDefault())));
    }
}
