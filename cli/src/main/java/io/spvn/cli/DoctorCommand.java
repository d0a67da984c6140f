package io.spvn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `spvn doctor` and its options as they were written; null where one was not given.
@Command(
        addMethodSubcommands = false,
        name = "doctor",
        description = "Shows what spvn runs on and, for an app, which kind of worker suits it.",
        customSynopsis = "spvn doctor [OPTION]... [TARGET]",
        parameterListHeading = "%n",
        footer = {
            "",
            "The app is imported in processes that are thrown away, and not started.",
            "",
            "Exit codes: 0 apps can be served, 2 wrong options, 3 the app cannot be imported,",
            "4 something is missing."
        })
final class DoctorCommand implements SpvnCommand {
    @Mixin final TargetOptions which = new TargetOptions();
    @Mixin final HelpOptions help = new HelpOptions();
}
