package io.spvn.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `spvn completion` and what was asked for.
@Command(
        addMethodSubcommands = false,
        name = "completion",
        description = "Writes a script that lets a shell complete commands and options.",
        customSynopsis = "spvn completion bash|zsh|fish",
        parameterListHeading = "%n",
        optionListHeading = "%nOptions%n",
        footer = {
            "",
            "bash: eval \"$(spvn completion bash)\" in ~/.bashrc; zsh the same in ~/.zshrc;",
            "fish: spvn completion fish > ~/.config/fish/completions/spvn.fish"
        })
final class CompletionCommand implements SpvnCommand {
    /// Whose script it is.
    enum Shell {
        BASH,
        ZSH,
        FISH
    }

    @Parameters(arity = "0..1", paramLabel = "SHELL", description = "bash, zsh or fish.")
    @Nullable Shell shell;

    @Mixin final HelpOptions help = new HelpOptions();

    /// The shell that was named.
    Shell shell() {
        if (shell == null) {
            throw new UsageError("no shell: write 'spvn completion bash', zsh or fish");
        }
        return shell;
    }
}
