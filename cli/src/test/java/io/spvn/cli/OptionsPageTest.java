package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The page of all options says what the program says. Where it does not, the right page is left in
/// `target/options.md`, to be copied over the old one.
final class OptionsPageTest {
    private static final Path PAGE = Path.of("../docs/options.md");
    private static final Path RIGHT = Path.of("target/options.md");
    private static final String HEADING = "## All options\n";
    private static final CommandSpec SERVE =
            PicocliSetup.commandLine("", new PrintWriter(new StringWriter()))
                    .parseArgs("serve")
                    .subcommand()
                    .commandSpec();

    @Test
    void page_hasEveryOptionAsTheProgramHasIt() throws IOException {
        String page = Files.readString(PAGE);
        String right = page.substring(0, page.indexOf(HEADING)) + HEADING + groups();
        Files.writeString(RIGHT, right);
        assertEquals(right, page, () -> "copy cli/" + RIGHT + " to docs/options.md");
    }

    private static String groups() {
        return PicocliSetup.SERVE.stream()
                .map(OptionsPageTest::table)
                .filter(table -> !table.isEmpty())
                .collect(Collectors.joining());
    }

    private static String table(HelpGroups.Group group) {
        String rows =
                group.options(SERVE)
                        .filter(OptionName::isSetting)
                        .map(OptionsPageTest::row)
                        .collect(Collectors.joining());
        return rows.isEmpty()
                ? ""
                : "\n### %s\n\n| option | variable | default | |\n|---|---|---|---|\n%s"
                        .formatted(group.heading(), rows);
    }

    private static String row(OptionSpec option) {
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        names(option),
                        OptionName.variables(option).stream()
                                .map(OptionsPageTest::code)
                                .collect(Collectors.joining(", ")),
                        cell(ConfigReport.defaultOf(option)),
                        cell(text(option)));
    }

    /// The name of ours first, with what it takes.
    private static String names(OptionSpec option) {
        String own = OptionName.flag(option);
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        String others =
                Arrays.stream(option.names())
                        .filter(name -> !name.equals(own))
                        .map(OptionsPageTest::code)
                        .collect(Collectors.joining(", "));
        return cell(code(own + value) + (others.isEmpty() ? "" : ", " + others));
    }

    /// What the option's help says, without the default, which has a column of its own.
    private static String text(OptionSpec option) {
        String text =
                String.join("%n", option.description())
                        .replaceAll("%n +(\\S+) {2,}", "; `$1` ")
                        .replaceAll("%n +", " ")
                        .replace("%n", " ")
                        .replace("%%", "%")
                        .replace(":;", ":");
        return text.replace(" Default: %s.".formatted(ConfigReport.defaultOf(option)), "");
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replaceAll("\\s+", " ").strip();
    }
}
