package io.spvn.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `spvn` without a command: help and version.
@Command(
        addMethodSubcommands = false,
        name = "spvn",
        description = "Serves Python ASGI and WSGI apps, and puts servers under load.",
        synopsisSubcommandLabel = "COMMAND",
        optionListHeading = "%nOptions%n",
        commandListHeading = "%nCommands%n",
        footer = {"", "'spvn COMMAND -h' shows the options of a command."})
final class RootCommand implements SpvnCommand {
    static final String INCOMPLETE =
            "no command: write 'spvn serve module:attribute', or see 'spvn -h'";

    @Mixin final HelpOptions help = new HelpOptions();
}
