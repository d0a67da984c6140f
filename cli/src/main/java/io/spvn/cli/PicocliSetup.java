package io.spvn.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.HangAction;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.cli.HelpGroups.Group;
import io.spvn.server.Bind;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/// The commands, with the types of their options and the look of their help.
final class PicocliSetup {
    private static final int HELP_WIDTH = 92;
    private static final int OPTION_COLUMN = 30;

    private static final Group HELP = new Group("Help", "help");
    private static final List<Group> SERVE =
            List.of(
                    new Group("App", "which", "app"),
                    new Group("Addresses", "network"),
                    new Group("Encryption", "tls"),
                    new Group("Workers", "workers"),
                    new Group("Replacement of workers", "supervision"),
                    new Group("Development", "watch"),
                    new Group("Limits", "queue", "limits", "timeouts", "stop"),
                    new Group("WebSocket", "webSockets"),
                    new Group("Static files and compression", "files", "compression"),
                    new Group("Operations", "admin"),
                    new Group("Process", "process"),
                    new Group("Log", "log", "access"),
                    HELP);
    private static final List<Group> ATTACK =
            List.of(
                    new Group("Load", "load"),
                    new Group("Request", "request"),
                    new Group("Report", "report"),
                    HELP);
    private static final List<Group> COMPARE =
            List.of(
                    new Group("What is compared", "choice"),
                    new Group("For how long", "length"),
                    new Group("Report", "report"),
                    HELP);

    private static final List<Group> DOCTOR = List.of(new Group("App", "which"), HELP);

    private PicocliSetup() {}

    static CommandLine commandLine(String version, PrintWriter out) {
        CommandLine root = new CommandLine(new RootCommand());
        root.addSubcommand(grouped(new ServeCommand(), SERVE));
        CommandLine loadtest = new CommandLine(new LoadtestCommand());
        loadtest.addSubcommand(grouped(new AttackCommand(), ATTACK));
        loadtest.addSubcommand(grouped(new CompareCommand(), COMPARE));
        root.addSubcommand(grouped(new DoctorCommand(), DOCTOR));
        root.addSubcommand(loadtest);
        root.setUsageHelpWidth(HELP_WIDTH);
        root.setUsageHelpLongOptionsMaxWidth(OPTION_COLUMN);
        root.setExpandAtFiles(false);
        root.setOverwrittenOptionsAllowed(true); // the last one counts
        root.setOut(out);
        giveVersion(root, version);
        return withTypes(root);
    }

    /// The command that was named.
    static SpvnCommand command(ParseResult parsed) {
        CommandLine named = parsed.asCommandLineList().getLast();
        return (SpvnCommand) named.getCommandSpec().userObject();
    }

    private static CommandLine grouped(SpvnCommand command, List<Group> groups) {
        CommandLine line = new CommandLine(command);
        line.getHelpSectionMap().put(SECTION_KEY_OPTION_LIST, new HelpGroups(groups));
        return line;
    }

    private static void giveVersion(CommandLine command, String version) {
        command.getCommandSpec().version(version);
        command.getSubcommands().values().forEach(inner -> giveVersion(inner, version));
    }

    private static CommandLine withTypes(CommandLine root) {
        register(root, Integer.class, Syntax::number);
        register(root, Duration.class, Syntax::duration);
        register(root, Long.class, Syntax::size);
        register(root, Double.class, Syntax::rate);
        register(root, RateSpan.class, Syntax::ramp);
        register(root, Bind.class, Syntax::bind);
        choice(root, Isolation.class);
        choice(root, EventLoop.class);
        choice(root, HangAction.class);
        choice(root, AppInterface.class);
        choice(root, LifespanMode.class);
        choice(root, LogLevel.class);
        choice(root, LogStyle.class);
        choice(root, WebSocketOptions.Kind.class);
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
