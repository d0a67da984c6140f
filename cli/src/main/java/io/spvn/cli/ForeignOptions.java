package io.spvn.cli;

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
    static void report(ParseResult parsed) {
        parsed.matchedOptions().stream()
                .distinct()
                .filter(ForeignOptions::contain)
                .forEach(
                        option ->
                                LOG.log(
                                        System.Logger.Level.INFO,
                                        String.join("/", option.names())
                                                + ": "
                                                + ((ForeignOption) option.preprocessor()).note()));
    }
}
