package io.spvn.cli;

import static java.util.Objects.requireNonNull;

import io.spvn.cli.HelpGroups.Group;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Every option with its value and where that is from, in the groups of the help.
final class ConfigReport {
    private static final Pattern DEFAULT =
            Pattern.compile("Default: (?<value>.*?)\\.(?=\\s|$)", Pattern.DOTALL);

    /// Options whose values may be secrets, which others are to be able to look at.
    private static final Set<String> SECRET = Set.of("ssl-key-password", "env");

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

    /// What was given, by the names of the options.
    Map<String, String> given() {
        Map<String, String> given = new LinkedHashMap<>();
        for (OptionSpec option : command.options()) {
            Origins.Given known = origins.of(OptionName.key(option));
            if (OptionName.isSetting(option) && known != null) {
                given.put(OptionName.flag(option), shown(option, known.texts()));
            }
        }
        return given;
    }

    private String line(OptionSpec option) {
        String key = OptionName.key(option);
        Origins.Given given = origins.of(key);
        return given == null
                ? LINE.formatted(key, defaultOf(option), "default")
                : LINE.formatted(key, shown(option, given.texts()), given.origin().name());
    }

    private static String shown(OptionSpec option, List<String> texts) {
        if (SECRET.contains(OptionName.key(option))) {
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
