package io.spvn.cli;

import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_OPTION_LIST;

import io.spvn.cli.HelpGroups.Group;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/// The commands, and the look of their help.
final class PicocliSetup {
    private static final int HELP_WIDTH = 90;
    private static final int OPTION_COLUMN = 27;

    private static final Group HELP = new Group("Help", "help");
    static final List<Group> SERVE =
            List.of(
                    new Group("App", "which", "app"),
                    new Group("Addresses", "network"),
                    new Group("Proxies in front", "proxies"),
                    new Group("Encryption", "tls"),
                    new Group("Workers", "workers"),
                    new Group("Replacement of workers", "supervision"),
                    new Group("Development", "watch"),
                    new Group("Limits", "queue", "limits", "timeouts", "stop"),
                    new Group("HTTP", "http", "responses"),
                    new Group("WebSocket", "webSockets"),
                    new Group("Static files and compression", "files", "compression"),
                    new Group("Operations", "admin"),
                    new Group("Process", "process"),
                    new Group("Log", "log", "access", "tracing"),
                    new Group("Configuration", "config"),
                    new Group("Of other servers", ForeignOptions.MIXIN),
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

    private static final List<Group> STATUS = List.of(new Group("What is shown", "show"), HELP);

    private PicocliSetup() {}

    /// All commands, but for arguments that begin with `serve` it alone: the start of a server does
    /// not wait for the options of others.
    static CommandLine commandLine(String version, PrintWriter out, String... args) {
        CommandLine root = new CommandLine(new RootCommand());
        root.addSubcommand(serve());
        if (args.length == 0 || !args[0].equals(ServeCommand.NAME)) {
            addOthers(root);
        }
        root.setUsageHelpWidth(HELP_WIDTH);
        root.setUsageHelpLongOptionsMaxWidth(OPTION_COLUMN);
        root.setExpandAtFiles(false);
        root.setOverwrittenOptionsAllowed(true); // the last one counts
        root.setOut(out);
        giveVersion(root, version);
        OptionTypes.teach(root);
        return root;
    }

    private static CommandLine serve() {
        CommandLine serve = grouped(new ServeCommand(), SERVE);
        ForeignOptions.addTo(serve.getCommandSpec());
        serve.getHelpSectionMap()
                .put(SECTION_KEY_OPTION_LIST, new ServeHelp(new HelpGroups(SERVE)));
        return serve;
    }

    private static void addOthers(CommandLine root) {
        CommandLine loadtest = new CommandLine(new LoadtestCommand());
        loadtest.addSubcommand(grouped(new AttackCommand(), ATTACK));
        loadtest.addSubcommand(grouped(new CompareCommand(), COMPARE));
        root.addSubcommand(grouped(new StatusCommand(), STATUS));
        root.addSubcommand(grouped(new DoctorCommand(), DOCTOR));
        root.addSubcommand(loadtest);
        root.addSubcommand(new CompletionCommand());
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
}
