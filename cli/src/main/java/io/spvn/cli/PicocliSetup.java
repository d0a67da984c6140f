package io.spvn.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.server.Bind;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The commands, with the types of their options and the look of their help.
final class PicocliSetup {
    private static final int HELP_WIDTH = 92;
    private static final int OPTION_COLUMN = 30;

    private PicocliSetup() {}

    static CommandLine commandLine(ServeCommand serve, String version, PrintWriter out) {
        CommandLine root = new CommandLine(new RootCommand());
        CommandLine served = new CommandLine(serve);
        root.addSubcommand(served);
        root.setUsageHelpWidth(HELP_WIDTH);
        root.setUsageHelpLongOptionsMaxWidth(OPTION_COLUMN);
        root.setOut(out);
        root.getCommandSpec().version(version);
        served.getCommandSpec().version(version);
        served.getHelpSectionMap().put(SECTION_KEY_OPTION_LIST, new HelpGroups(serveGroups()));
        return withTypes(root);
    }

    private static Map<String, String> serveGroups() {
        Map<String, String> groups = new LinkedHashMap<>();
        groups.put("app", "App");
        groups.put("addresses", "Addresses");
        groups.put("workers", "Workers");
        groups.put("limits", "Limits");
        groups.put("daemon", "Process");
        groups.put("log", "Log");
        groups.put("help", "Help");
        return groups;
    }

    private static CommandLine withTypes(CommandLine root) {
        register(root, Integer.class, Syntax::number);
        register(root, Duration.class, Syntax::duration);
        register(root, Bind.class, Syntax::bind);
        choice(root, Isolation.class);
        choice(root, AppInterface.class);
        choice(root, LifespanMode.class);
        choice(root, LogLevel.class);
        return root;
    }

    private static <E extends Enum<E>> void choice(CommandLine root, Class<E> type) {
        register(root, type, text -> Syntax.choice(type, text));
    }

    private static <T> void register(CommandLine root, Class<T> type, Function<String, T> syntax) {
        ITypeConverter<T> converter =
                text -> {
                    try {
                        return syntax.apply(text);
                    } catch (IllegalArgumentException e) {
                        throw new TypeConversionException(e.getMessage());
                    }
                };
        root.registerConverter(type, converter);
    }
}
