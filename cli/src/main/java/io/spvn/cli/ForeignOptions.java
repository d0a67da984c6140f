package io.spvn.cli;

import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// Options of other servers in a command of ours.
final class ForeignOptions {
    /// Name of the mixin that holds them.
    static final String MIXIN = "foreign";

    private static final System.Logger LOG = System.getLogger(ForeignOptions.class.getName());

    private ForeignOptions() {}

    static void addTo(CommandSpec command) {
        CommandSpec mixin = CommandSpec.create();
        ForeignOption.all().forEach(option -> mixin.addOption(option.spec()));
        command.addMixin(MIXIN, mixin);
    }

    static boolean contain(OptionSpec option) {
        return option.preprocessor() instanceof ForeignOption;
    }

    /// Says in a line for each that was given what happens instead.
    ///
    /// @param args as they were written: what is read as another option is none that was matched
    static void report(ParseResult parsed, List<String> args) {
        parsed.commandSpec().options().stream()
                .filter(ForeignOptions::contain)
                .filter(option -> parsed.hasMatchedOption(option) || isWritten(option, args))
                .map(option -> (ForeignOption) option.preprocessor())
                .filter(option -> !option.note().isEmpty())
                .forEach(ForeignOptions::report);
    }

    private static boolean isWritten(OptionSpec option, List<String> args) {
        return Arrays.stream(option.names())
                .anyMatch(
                        name ->
                                args.stream()
                                        .anyMatch(
                                                word ->
                                                        word.equals(name)
                                                                || word.startsWith(name + "=")));
    }

    private static void report(ForeignOption option) {
        LOG.log(System.Logger.Level.INFO, String.join("/", option.names()) + ": " + option.note());
    }
}
