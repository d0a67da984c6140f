package io.spvn.cli;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.OptionSpec;

/// Shows options under headings, in the order in which they are declared. Picocli's own option
/// groups would forget the values of a group that a later option names again.
///
/// @param headings by the name of the mixin that holds the options
record HelpGroups(Map<String, String> headings) implements IHelpSectionRenderer {
    @Override
    public String render(Help help) {
        StringBuilder text = new StringBuilder();
        headings.forEach((mixin, heading) -> text.append(group(help, mixin, heading)));
        return text.toString();
    }

    private static String group(Help help, String mixin, String heading) {
        List<OptionSpec> options =
                requireNonNull(help.commandSpec().mixins().get(mixin), mixin).options();
        Help.Layout layout =
                help.createDefaultLayout(
                        help.commandSpec().options(), List.of(), help.colorScheme());
        layout.addAllOptions(options, help.parameterLabelRenderer());
        return "%n%s%n%s".formatted(heading, layout);
    }
}
