package io.spvn.cli;

import static java.util.Objects.requireNonNull;

import io.spvn.cli.HelpGroups.Group;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Every option with its value and where that is from, in the groups of the help.
final class ConfigReport {
    private static final Pattern DEFAULT =
            Pattern.compile("Default: (?<value>.*?)\\.(?=\\s|$)", Pattern.DOTALL);
    private static final String SECRET = "ssl-key-password";
    private static final String LINE = "  %-27s %-30s %s%n";

    private final CommandSpec command;
    private final Origins origins;

    ConfigReport(CommandSpec command, Origins origins) {
        this.command = command;
        this.origins = origins;
    }

    String text(List<Group> groups) {
        StringBuilder text = new StringBuilder();
        for (Group group : groups) {
            List<OptionSpec> settings =
                    group.options(command).filter(OptionName::isSetting).toList();
            if (!settings.isEmpty()) {
                text.append(text.isEmpty() ? "" : "\n").append(group.heading()).append('\n');
                settings.forEach(option -> text.append(line(option)));
            }
        }
        return text.toString();
    }

    private String line(OptionSpec option) {
        String key = OptionName.key(option);
        Origins.Given given = origins.of(key);
        return given == null
                ? LINE.formatted(key, defaultOf(option), "default")
                : LINE.formatted(key, shown(option, given.texts()), given.origin().name());
    }

    private static String shown(OptionSpec option, List<String> texts) {
        if (OptionName.key(option).equals(SECRET)) {
            return "(not shown)";
        }
        return option.type() == boolean[].class
                ? String.valueOf(((boolean[]) requireNonNull(option.getValue())).length)
                : String.join(", ", texts);
    }

    /// As its help says it; a switch of whose default that says nothing is off.
    static String defaultOf(OptionSpec option) {
        Matcher matcher = DEFAULT.matcher(String.join(" ", option.description()));
        if (matcher.find()) {
            return matcher.group("value");
        }
        return option.arity().max() == 0 ? "off" : "none";
    }
}
