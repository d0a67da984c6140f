package io.spvn.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// Shows options under headings, in the order in which they are declared. Picocli's own option
/// groups would forget the values of a group that a later option names again.
///
/// @param groups in order
record HelpGroups(List<Group> groups) implements IHelpSectionRenderer {
    /// Options that belong together.
    ///
    /// @param heading above them
    /// @param mixins names of the fields that hold them
    record Group(String heading, List<String> mixins) {
        Group(String heading, String... mixins) {
            this(heading, List.of(mixins));
        }

        /// Those of a command.
        Stream<OptionSpec> options(CommandSpec command) {
            return mixins.stream()
                    .map(mixin -> requireNonNull(command.mixins().get(mixin), mixin))
                    .flatMap(mixin -> mixin.options().stream());
        }
    }

    @Override
    public String render(Help help) {
        StringBuilder text = new StringBuilder();
        groups.forEach(group -> text.append(text(help, group)));
        return text.toString();
    }

    private static String text(Help help, Group group) {
        Help.Layout layout =
                help.createDefaultLayout(
                        help.commandSpec().options(), List.of(), help.colorScheme());
        layout.addAllOptions(
                group.options(help.commandSpec()).toList(), help.parameterLabelRenderer());
        return "%n%s%n%s".formatted(group.heading(), layout);
    }
}
