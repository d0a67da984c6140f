package io.spvn.cli;

import io.spvn.cli.CompletionCommand.Shell;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Scripts that let shells complete our commands and options. That for bash is picocli's, and zsh
/// reads the same.
final class Completion {
    private static final String PROGRAM = "spvn";

    private Completion() {}

    /// @param root all commands, which are changed
    static String script(Shell shell, CommandLine root) {
        inSmallLetters(root);
        return shell == Shell.FISH ? fish(root) : AutoComplete.bash(PROGRAM, root);
    }

    /// Constants of enums are written in small letters.
    private static void inSmallLetters(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        for (OptionSpec option : List.copyOf(spec.options())) {
            List<String> words = words(option);
            if (!words.isEmpty()) {
                spec.remove(option);
                spec.addOption(
                        OptionSpec.builder(option)
                                .paramLabel(OptionName.variable(option)) // names an array of bash's
                                .completionCandidates(words)
                                .build());
            }
        }
        for (PositionalParamSpec argument : List.copyOf(spec.positionalParameters())) {
            List<String> words = words(argument);
            if (!words.isEmpty()) {
                spec.remove(argument);
                spec.addPositional(
                        PositionalParamSpec.builder(argument).completionCandidates(words).build());
            }
        }
        command.getSubcommands().values().forEach(Completion::inSmallLetters);
    }

    private static List<String> words(ArgSpec argument) {
        Object[] constants = argument.type().getEnumConstants();
        return constants == null
                ? List.of()
                : Arrays.stream(constants)
                        .map(each -> ((Enum<?>) each).name())
                        .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '-'))
                        .toList();
    }

    private static String fish(CommandLine root) {
        StringBuilder script = new StringBuilder("complete -c spvn -f\n");
        fish(root, "", script);
        return script.toString();
    }

    /// Lines for a command and for those within it.
    ///
    /// @param path words that lead to it
    private static void fish(CommandLine command, String path, StringBuilder script) {
        String here = condition(command, path);
        for (CommandLine inner : command.getSubcommands().values()) {
            String name = inner.getCommandName();
            script.append(
                    "complete -c spvn -n '%s' -a %s -d '%s'%n"
                            .formatted(here, name, quoted(description(inner.getCommandSpec()))));
            fish(inner, path.isEmpty() ? name : path + " " + name, script);
        }
        for (PositionalParamSpec argument : command.getCommandSpec().positionalParameters()) {
            String words = String.join(" ", words(argument));
            if (!words.isEmpty()) {
                script.append("complete -c spvn -n '%s' -a '%s'%n".formatted(here, words));
            }
        }
        for (OptionSpec option : command.getCommandSpec().options()) {
            script.append("complete -c spvn -n '%s'".formatted(here));
            for (String name : names(option)) {
                script.append(name.startsWith("--") ? " -l " : " -s ");
                script.append(name.replaceFirst("^-+", ""));
            }
            script.append(value(option));
            script.append(" -d '%s'%n".formatted(quoted(first(option.description()))));
        }
    }

    /// With those that turn it off.
    private static List<String> names(OptionSpec option) {
        return Arrays.stream(option.names())
                .flatMap(
                        name ->
                                option.negatable() && name.startsWith("--")
                                        ? Stream.of(name, "--no-" + name.substring(2))
                                        : Stream.of(name))
                .toList();
    }

    private static String condition(CommandLine command, String path) {
        if (path.isEmpty()) {
            return "__fish_use_subcommand";
        }
        StringBuilder condition = new StringBuilder();
        for (String word : path.split(" ", -1)) {
            condition.append(condition.isEmpty() ? "" : "; and ");
            condition.append("__fish_seen_subcommand_from ").append(word);
        }
        if (!command.getSubcommands().isEmpty()) {
            condition.append("; and not __fish_seen_subcommand_from ");
            condition.append(String.join(" ", command.getSubcommands().keySet()));
        }
        return condition.toString();
    }

    private static String value(OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        List<String> words = words(option);
        return words.isEmpty() ? " -r -F" : " -x -a '" + String.join(" ", words) + "'";
    }

    private static String description(CommandSpec command) {
        return first(command.usageMessage().description());
    }

    private static String first(String[] lines) {
        return lines.length == 0 ? "" : lines[0];
    }

    private static String quoted(String text) {
        return text.replace("\\", "\\\\").replace("'", "\\'");
    }
}
