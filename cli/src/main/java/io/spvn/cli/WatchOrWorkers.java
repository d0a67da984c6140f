package io.spvn.cli;

import java.util.Arrays;
import java.util.Map;
import java.util.Stack;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Lets `-w 4` be gunicorn's: four workers. A number is no name of a module, so nothing else can be
/// meant.
final class WatchOrWorkers implements IParameterPreprocessor {
    private static final Pattern NUMBER = Pattern.compile("[0-9]+");
    private static final Pattern ATTACHED = Pattern.compile("-w[0-9]+");

    /// The same with `-w4` as `-w 4`.
    static String[] apart(String... args) {
        return Arrays.stream(args)
                .flatMap(
                        word ->
                                ATTACHED.matcher(word).matches()
                                        ? Stream.of("-w", word.substring(2))
                                        : Stream.of(word))
                .toArray(String[]::new);
    }

    @Override
    @SuppressWarnings("JdkObsolete") // picocli's own signature
    public boolean preprocess(
            Stack<String> args, CommandSpec command, ArgSpec option, Map<String, Object> info) {
        if (args.isEmpty() || !NUMBER.matcher(args.peek()).matches()) {
            return false;
        }
        args.push("--workers=" + args.pop());
        return true;
    }
}
