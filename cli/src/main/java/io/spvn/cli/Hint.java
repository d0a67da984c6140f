package io.spvn.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
        if (!unmatched.isUnknownOption()) {
            return Nearest.of(name, command.getSubcommands().keySet());
        }
        Map<String, OptionSpec> options = command.getCommandSpec().optionsMap();
        String near = Nearest.of(name, options.keySet());
        List<String> similar = unmatched.getSuggestions();
        String found = near == null && !similar.isEmpty() ? similar.getFirst() : near;
        OptionSpec option = found == null ? null : options.get(found);
        return found == null || option == null ? found : withOwnName(found, option);
    }

    /// An app, or an option of the command that serves it, given to the program itself.
    private static boolean isForServe(CommandLine command, String word, String name) {
        CommandLine serve = command.getSubcommands().get(SERVE);
        return serve != null && (isTarget(word) || serve.getCommandSpec().findOption(name) != null);
    }

    private static boolean isTarget(String word) {
        return !word.startsWith("-") && (word.contains(":") || word.endsWith(".py"));
    }

    /// An alias with the name that help and files know the option by.
    private static String withOwnName(String name, OptionSpec option) {
        String own = OptionName.flag(option);
        return name.equals(own) || ForeignOptions.contain(option) ? name : name + " (" + own + ")";
    }
}
