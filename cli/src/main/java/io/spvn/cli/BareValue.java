package io.spvn.cli;

import java.util.Map;
import java.util.Stack;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Lets an option stand alone: what follows is its value only if it is one or cannot be anything
/// else, so that `OPTION module:app` leaves the target alone.
abstract class BareValue implements IParameterPreprocessor {
    private final String meaning;
    private final Predicate<String> values;

    /// @param meaning its value when it stands alone
    /// @param values which words are values of it
    BareValue(String meaning, Predicate<String> values) {
        this.meaning = meaning;
        this.values = values;
    }

    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own signature
    public final boolean preprocess(
            Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        boolean attached = !" ".equals(info.get("separator"));
        if (!attached && (args.isEmpty() || !isValue(args.peek(), command))) {
            args.push(meaning);
        }
        return false;
    }

    private boolean isValue(String word, CommandSpec command) {
        return values.test(word) || (!word.startsWith("-") && hasTarget(command));
    }

    private static boolean hasTarget(CommandSpec command) {
        @Nullable Object target = command.positionalParameters().getFirst().getValue();
        return target != null;
    }
}
