package io.spvn.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.OptionSpec;

/// What an option is called where it is no flag: its first long name, as a key of a file, and the
/// variable of that name in the environment.
final class OptionName {
    private static final String DASHES = "--";
    private static final Map<String, String> VARIABLES =
            Map.of(
                    "workers", "SPVN_N_THREADS",
                    "verbose", "SPVN_VERBOSE_PROC",
                    "proc-dir", "PROC_DIR",
                    "forwarded-allow-ips", "FORWARDED_ALLOW_IPS");

    private OptionName() {}

    /// `queue-timeout`.
    static String key(OptionSpec option) {
        return Arrays.stream(option.names())
                .filter(name -> name.startsWith(DASHES))
                .findFirst()
                .orElse(option.longestName())
                .replaceFirst("^-+", "");
    }

    /// `--queue-timeout`.
    static String flag(OptionSpec option) {
        return DASHES + key(option);
    }

    /// Those that are looked for, in this order: its own, and one that others have for the same. An
    /// option that lists variables of the app has none: they can be in the environment themselves.
    static List<String> variables(OptionSpec option) {
        return switch (key(option)) {
            case "env" -> List.of();
            case "workers" -> List.of(variable(option), "WEB_CONCURRENCY");
            default -> List.of(variable(option));
        };
    }

    /// `SPVN_QUEUE_TIMEOUT`, unless it has a name of its own.
    static String variable(OptionSpec option) {
        String key = key(option);
        return VARIABLES.getOrDefault(
                key, "SPVN_" + key.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /// Whether it says how to serve: an action such as `--help` is for the command line alone.
    static boolean isSetting(OptionSpec option) {
        return !option.usageHelp()
                && !option.versionHelp()
                && !ForeignOptions.contain(option)
                && !key(option).equals(ConfigOptions.CHECK);
    }
}
