package io.spvn.cli;

import io.spvn.bridge.worker.LifespanMode;
import java.util.Arrays;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Lets `-l` stand alone: what follows is its value only if it is a mode or cannot be anything
/// else, so that `-l module:app` leaves the target alone.
final class BareLifespan implements IParameterPreprocessor {
    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own signature
    public boolean preprocess(
            Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        boolean attached = !" ".equals(info.get("separator"));
        if (!attached && (args.isEmpty() || !isValue(args.peek(), command))) {
            args.push("on");
        }
        return false;
    }

    private static boolean isValue(String word, CommandSpec command) {
        return isMode(word) || (!word.startsWith("-") && hasTarget(command));
    }

    private static boolean isMode(String word) {
        return Arrays.stream(LifespanMode.values())
                .anyMatch(mode -> mode.name().equalsIgnoreCase(word));
    }

    private static boolean hasTarget(CommandSpec command) {
        @Nullable Object target = command.positionalParameters().getFirst().getValue();
        return target != null;
    }
}
