package io.spvn.cli;

import static java.util.Objects.requireNonNull;

import io.spvn.cli.Origin.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// Gives options that the command line leaves open their values: those of the environment, and
/// where that has none those of a file. All are read as they would be from the command line.
final class OptionValues {
    private static final String TARGET = "target";

    /// Ways to write the same, of which that which counts most is taken, without the others.
    private static final List<List<Set<String>>> RIVALS =
            List.of(
                    List.of(Set.of("bind"), Set.of("host", "port"), Set.of("uds"), Set.of("fd")),
                    List.of(Set.of("verbose"), Set.of("log-level")),
                    List.of(Set.of("workers"), Set.of("cpu")),
                    List.of(Set.of("ws"), Set.of("no-ws")),
                    List.of(Set.of("ssl-cert-file", "ssl-cert"), Set.of("ssl-self-signed")));

    /// Switches that other options turn on, which an "off" that counts less does not undo.
    private static final Map<String, Set<String>> TURNED_ON =
            Map.of(
                    "access-log", Set.of("access-log-file"),
                    "proxy-headers", Set.of("forwarded-headers", "forwarded-allow-ips"));

    /// Kubernetes sets `SPVN_PORT=tcp://10.0.0.1:80` where a service is called spvn.
    private static final String SERVICE = "SPVN_PORT=(tcp|udp)://.*";

    private final CommandSpec command;
    private final Environment environment;
    private final Origins origins = new Origins();

    OptionValues(CommandSpec command, Environment environment) {
        this.command = command;
        this.environment = environment;
    }

    /// From the environment alone.
    Origins fromEnvironment() {
        noteCommandLine();
        fill(Level.ENVIRONMENT, variables());
        return origins;
    }

    /// From the environment and the file that `options` name, or that of the app's project.
    Origins all(ConfigOptions options, TargetOptions target) {
        fromEnvironment();
        Path named = options.file;
        ConfigFile file =
                named == null
                        ? ConfigFile.ofProject(target.appDir)
                        : origins.naming(() -> ConfigFile.of(named));
        fill(Level.FILE, keys(file));
        return origins;
    }

    private void noteCommandLine() {
        CommandLine line = command.commandLine();
        if (line == null) {
            return; // options of no command
        }
        ParseResult parsed = line.getParseResult();
        for (OptionSpec option : parsed.matchedOptionsSet()) {
            Origin origin = new Origin(Level.COMMAND_LINE, OptionName.flag(option));
            origins.put(OptionName.key(option), origin, option.originalStringValues());
        }
        for (PositionalParamSpec argument : parsed.matchedPositionalsSet()) {
            Origin origin = new Origin(Level.COMMAND_LINE, argument.paramLabel());
            origins.put(TARGET, origin, argument.originalStringValues());
        }
    }

    private Stream<OptionSpec> settings() {
        return command.options().stream().filter(OptionName::isSetting);
    }

    private Map<OptionSpec, Origins.Given> variables() {
        Map<OptionSpec, Origins.Given> given = new LinkedHashMap<>();
        settings()
                .forEach(
                        option ->
                                OptionName.variables(option).stream()
                                        .filter(this::isSet)
                                        .findFirst()
                                        .ifPresent(
                                                name -> given.put(option, variable(option, name))));
        return given;
    }

    private boolean isSet(String name) {
        String text = environment.text(name);
        return text != null && !(name + "=" + text).matches(SERVICE);
    }

    private Origins.Given variable(OptionSpec option, String name) {
        String text = requireNonNull(environment.text(name));
        List<String> texts = isList(option) ? environment.list(name) : List.of(text);
        return new Origins.Given(new Origin(Level.ENVIRONMENT, name), texts);
    }

    private Map<OptionSpec, Origins.Given> keys(ConfigFile file) {
        Map<OptionSpec, Origins.Given> given = new LinkedHashMap<>();
        file.values()
                .forEach(
                        (key, value) -> {
                            OptionSpec option = option(key);
                            String name = file.name() + ": " + key;
                            if (key.equals(ConfigOptions.FILE)) {
                                throw new UsageError(
                                        name + ": a file cannot name another; write its keys here");
                            }
                            if (option == null) {
                                throw new UsageError(
                                        file.name()
                                                + ": unknown key "
                                                + key
                                                + Hint.ofKey(key, settings().toList()));
                            }
                            if (value.list() && !isList(option)) {
                                throw new UsageError(name + ": takes one value, not a list");
                            }
                            given.put(
                                    option,
                                    new Origins.Given(new Origin(Level.FILE, name), value.texts()));
                        });
        return given;
    }

    private @Nullable OptionSpec option(String key) {
        return settings()
                .filter(option -> OptionName.key(option).equals(key))
                .findFirst()
                .orElse(null);
    }

    private void fill(Level level, Map<OptionSpec, Origins.Given> given) {
        given.forEach(
                (option, value) -> {
                    String key = OptionName.key(option);
                    if (isOpen(key, level) && !(isTurnedOn(key, level) && isOff(value))) {
                        set(option, value);
                    }
                });
    }

    /// Whether nothing that counts more says it, or says it in another way.
    private boolean isOpen(String key, Level level) {
        return Stream.concat(Stream.of(key), rivals(key)).noneMatch(known -> isGiven(known, level));
    }

    /// Whether an option that counts more turns it on.
    private boolean isTurnedOn(String key, Level level) {
        return TURNED_ON.getOrDefault(key, Set.of()).stream()
                .anyMatch(other -> isGiven(other, level));
    }

    private boolean isGiven(String key, Level level) {
        Origins.Given known = origins.of(key);
        return known != null && known.origin().outranks(level);
    }

    /// A value that makes no sense is for its reader to name.
    private static boolean isOff(Origins.Given given) {
        try {
            return !Syntax.flag(given.texts().getFirst());
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Stream<String> rivals(String key) {
        return RIVALS.stream()
                .filter(ways -> ways.stream().anyMatch(way -> way.contains(key)))
                .flatMap(List::stream)
                .filter(way -> !way.contains(key))
                .flatMap(Set::stream);
    }

    private void set(OptionSpec option, Origins.Given given) {
        try {
            option.setValue(value(option, given.texts()));
        } catch (IllegalArgumentException e) {
            throw new UsageError(given.origin().name() + ": " + e.getMessage());
        }
        origins.put(OptionName.key(option), given.origin(), given.texts());
    }

    private static Object value(OptionSpec option, List<String> texts) {
        if (!isList(option)) {
            return OptionTypes.read(option.type(), texts.getFirst());
        }
        Class<?> type = option.auxiliaryTypes()[0];
        List<Object> values = new ArrayList<>();
        texts.forEach(text -> values.add(OptionTypes.read(type, text)));
        return values;
    }

    private static boolean isList(OptionSpec option) {
        return List.class.isAssignableFrom(option.type());
    }
}
