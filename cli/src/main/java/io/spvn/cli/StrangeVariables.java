package io.spvn.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Variables that look like ones of ours and are none. They may be the app's own, so that they are
/// no error; or mistyped, so that they are told.
final class StrangeVariables {
    private static final System.Logger LOG = System.getLogger(StrangeVariables.class.getName());

    private static final String PREFIX = "SPVN_";

    /// Those of the launcher.
    private static final Set<String> LAUNCHER =
            Set.of("SPVN_PYTHON", "SPVN_JAVA_HOME", "SPVN_JAVA_OPTS");

    /// Kubernetes sets these for each service whose name begins with spvn.
    private static final Pattern SERVICE =
            Pattern.compile(
                    "SPVN_(.+_)?(SERVICE_HOST|SERVICE_PORT(_.+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.+)?)"
                            + "=.*|SPVN_(.+_)?PORT=(tcp|udp|sctp)://.*",
                    Pattern.DOTALL);

    private StrangeVariables() {}

    /// Says in a line which there are.
    static void report(CommandSpec command, Environment environment) {
        String found = found(command, environment);
        if (!found.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "in the environment, but no options of spvn: " + found);
        }
    }

    private static String found(CommandSpec command, Environment environment) {
        Map<String, String> known = known(command);
        return environment.variables().entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(PREFIX))
                .filter(variable -> !known.containsValue(variable.getKey()))
                .filter(variable -> !LAUNCHER.contains(variable.getKey()))
                .filter(variable -> !SERVICE.matcher(text(variable)).matches())
                .map(Map.Entry::getKey)
                .sorted()
                .map(name -> name + hint(name, known))
                .collect(Collectors.joining(", "));
    }

    private static String text(Map.Entry<String, String> variable) {
        return variable.getKey() + "=" + variable.getValue();
    }

    private static String hint(String name, Map<String, String> known) {
        @Nullable String near = Nearest.of(name.substring(PREFIX.length()), known.keySet());
        return near == null ? "" : " (did you mean " + known.get(near) + "?)";
    }

    /// Variables by what stands behind the prefix, and by what would stand there for any other name
    /// of their option.
    private static Map<String, String> known(CommandSpec command) {
        Map<String, String> known = new TreeMap<>();
        command.options().stream()
                .filter(OptionName::isSetting)
                .forEach(option -> add(known, option));
        return known;
    }

    private static void add(Map<String, String> known, OptionSpec option) {
        List<String> variables = OptionName.variables(option);
        if (!variables.isEmpty()) {
            Stream.concat(variables.stream(), Arrays.stream(option.names()))
                    .map(StrangeVariables::rest)
                    .forEach(name -> known.putIfAbsent(name, variables.getFirst()));
        }
    }

    private static String rest(String name) {
        return name.replaceFirst("^(SPVN_|-+)", "").toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
