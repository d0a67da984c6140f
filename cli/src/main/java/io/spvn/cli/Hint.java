package io.spvn.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/// What a user has probably meant by a word that the command line does not know.
final class Hint {
    private static final String SERVE = "serve";

    private Hint() {}

    /// `, did you mean ...?`, or "" when nothing is near.
    static String of(UnmatchedArgumentException unmatched) {
        String meant = meant(unmatched);
        return meant == null ? "" : ", did you mean " + meant + "?";
    }

    /// The same for a key of a file.
    ///
    /// @param options whose keys are known
    static String ofKey(String key, List<OptionSpec> options) {
        String near =
                Nearest.of(
                        key,
                        options.stream()
                                .flatMap(option -> Arrays.stream(option.names()))
                                .map(name -> name.replaceFirst("^-+", ""))
                                .toList());
        return options.stream()
                .filter(option -> Arrays.asList(option.names()).contains("--" + near))
                .map(option -> ", did you mean " + OptionName.key(option) + "?")
                .findFirst()
                .orElse("");
    }

    private static @Nullable String meant(UnmatchedArgumentException unmatched) {
        CommandLine command = unmatched.getCommandLine();
        String word = unmatched.getUnmatched().getFirst();
        String name = word.replaceFirst("=.*", "");
        if (isForServe(command, word, name)) {
            return "'spvn serve " + word + "'";
        }
        String near = Nearest.of(name, words(command, unmatched.isUnknownOption()));
        List<String> similar = unmatched.isUnknownOption() ? unmatched.getSuggestions() : List.of();
        return near == null && !similar.isEmpty() ? similar.getFirst() : near;
    }

    /// An app, or an option of the command that serves it, given to the program itself.
    private static boolean isForServe(CommandLine command, String word, String name) {
        CommandLine serve = command.getSubcommands().get(SERVE);
        return serve != null && (isTarget(word) || serve.getCommandSpec().findOption(name) != null);
    }

    private static boolean isTarget(String word) {
        return !word.startsWith("-") && (word.contains(":") || word.endsWith(".py"));
    }

    private static Collection<String> words(CommandLine command, boolean options) {
        CommandSpec spec = command.getCommandSpec();
        return options ? spec.optionsMap().keySet() : spec.subcommands().keySet();
    }
}
