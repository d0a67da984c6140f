package io.spvn.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// What was given on the command line and in the environment, as people are shown it by a server
/// that runs. Secrets are left out.
final class GivenOptions {
    private static final String HIDDEN = "(hidden)";

    private GivenOptions() {}

    /// Values as they were written, by the first long name of their option or by their variable.
    static Map<String, String> of(ParseResult parsed, Environment environment) {
        Map<String, String> given = new LinkedHashMap<>();
        parsed.matchedOptions().forEach(option -> given.put(name(option), value(option)));
        environment.variables().entrySet().stream()
                .filter(each -> Environment.isOurs(each.getKey()) && !each.getValue().isBlank())
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> given.put(each.getKey(), shown(each.getKey(), each.getValue())));
        return given;
    }

    private static String name(OptionSpec option) {
        return Arrays.stream(option.names())
                .filter(name -> name.startsWith("--"))
                .findFirst()
                .orElseGet(option::longestName);
    }

    private static String value(OptionSpec option) {
        return shown(name(option), String.join(", ", option.originalStringValues()));
    }

    private static String shown(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("password") || lower.contains("secret") ? HIDDEN : value;
    }
}
