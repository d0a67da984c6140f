package io.spvn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `spvn loadtest` without a command of its own.
@Command(
        addMethodSubcommands = false,
        name = "loadtest",
        description = "Puts servers under load and measures them.",
        synopsisSubcommandLabel = "COMMAND",
        optionListHeading = "%nOptions%n",
        commandListHeading = "%nCommands%n",
        footer = {"", "'spvn loadtest COMMAND -h' shows the options of a command."})
final class LoadtestCommand implements SpvnCommand {
    static final String INCOMPLETE =
            "no command: write 'spvn loadtest attack URL' or 'spvn loadtest compare', or see"
                    + " 'spvn loadtest -h'";

    @Mixin final HelpOptions help = new HelpOptions();
}
