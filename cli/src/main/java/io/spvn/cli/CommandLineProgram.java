package io.spvn.cli;

import io.spvn.bridge.embedded.EmbeddedWorkers;
import io.spvn.server.ServerConfig;
import io.spvn.server.SpvnServer;
import io.spvn.server.process.InheritedDescriptors;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// From arguments to an exit code: help, version, commands, and one line for each failure.
final class CommandLineProgram {
    private final Surroundings surroundings;
    private final Engines engines;
    private final Console console;

    CommandLineProgram(Surroundings surroundings, Engines engines, Console console) {
        this.surroundings = surroundings;
        this.engines = engines;
        this.console = console;
    }

    static CommandLineProgram ofProcess(StopHook hook, InheritedDescriptors inherited) {
        Surroundings surroundings = Surroundings.ofProcess();
        return new CommandLineProgram(
                surroundings,
                Engines.real(hook, inherited),
                Console.ofProcess(surroundings.environment()));
    }

    /// Runs the command that `args` name, to its end.
    ///
    /// @return the exit code of the process
    int run(String... args) {
        return run(() -> PicocliSetup.commandLine(version(), console.out(), args), args);
    }

    /// @param line reads them; one can do so many times, but takes long to make
    int run(Supplier<CommandLine> line, String... args) {
        try {
            ParseResult parsed = line.get().parseArgs(WatchOrWorkers.apart(args));
            Integer helped = CommandLine.executeHelpRequest(parsed);
            return helped != null ? helped : run(Words.of(parsed, args));
        } catch (Throwable failure) {
            return fail(failure, false);
        }
    }

    /// What was asked for.
    ///
    /// @param parsed its part of them
    /// @param args all, as they were written
    private record Words(SpvnCommand command, ParseResult parsed, List<String> args) {
        static Words of(ParseResult parsed, String... args) {
            return new Words(
                    PicocliSetup.command(parsed),
                    parsed.asCommandLineList().getLast().getParseResult(),
                    List.of(args));
        }

        CommandSpec spec() {
            return parsed.commandSpec();
        }

        /// Whether it is a server that is asked for.
        boolean serves() {
            return command instanceof ServeCommand serve && !serve.config.check;
        }
    }

    private int run(Words words) {
        LogOptions log = words.command().log();
        Origins origins = origins(words, log);
        LogSettings given =
                new LogReader(log, surroundings.environment(), Console.isTerminal()).settings();
        LogSettings settings = words.serves() ? given : given.forPeople();
        Logging.start(settings);
        try {
            return dispatch(words, origins);
        } catch (Throwable failure) {
            return settings.style() == LogStyle.JSON || settings.file() != null
                    ? logged(failure)
                    : fail(failure, settings.stackTraces());
        }
    }

    /// Beside `serve` no command looks at more of the environment than what concerns the log.
    private Origins origins(Words words, LogOptions log) {
        Environment environment = surroundings.environment();
        return words.command() instanceof ServeCommand serve
                ? new OptionValues(words.spec(), environment).all(serve.config, serve.which)
                : new OptionValues(CommandSpec.forAnnotatedObject(log), environment)
                        .fromEnvironment();
    }

    private int dispatch(Words words, Origins origins) throws InterruptedException {
        return switch (words.command()) {
            case RootCommand _ -> throw new UsageError(RootCommand.INCOMPLETE);
            case LoadtestCommand _ -> throw new UsageError(LoadtestCommand.INCOMPLETE);
            case ServeCommand serve -> serve(serve, words, origins);
            case StatusCommand status -> new StatusRun(console).run(status.settings());
            case DoctorCommand doctor -> doctor(doctor, words.args());
            case AttackCommand attack ->
                    new AttackRun(engines.attack(), console)
                            .run(new AttackReader(attack).settings());
            case CompareCommand compare -> compare(compare);
            case CompletionCommand completion -> complete(completion);
        };
    }

    private int serve(ServeCommand serve, Words words, Origins origins)
            throws InterruptedException {
        ForeignOptions.report(words.parsed(), words.args());
        StrangeVariables.report(words.spec(), surroundings.environment());
        ServerConfig config =
                origins.naming(
                        () ->
                                new ConfigReader(
                                                serve,
                                                surroundings.environment(),
                                                origins,
                                                surroundings.cpus())
                                        .config(
                                                surroundings.installation().python(),
                                                argv(words.args())));
        ConfigReport report = new ConfigReport(words.spec(), origins);
        if (serve.config.check) {
            console.report(report.text(PicocliSetup.SERVE));
            return 0;
        }
        return engines.server().serve(config, report.given());
    }

    private int doctor(DoctorCommand doctor, List<String> args) throws InterruptedException {
        return new DoctorRun(engines.doctor(), console)
                .run(surroundings.installation(), doctor.which.refIfAny(), argv(args));
    }

    private int complete(CompletionCommand completion) {
        CommandLine root = PicocliSetup.commandLine("", console.out());
        console.report(Completion.script(completion.shell(), root));
        return 0;
    }

    private int compare(CompareCommand compare) {
        CompareRun run = new CompareRun(engines.comparison(), console);
        return compare.choice.list
                ? run.list()
                : run.run(new CompareReader(compare, surroundings.installation()).settings());
    }

    private List<String> argv(List<String> args) {
        return Stream.concat(Stream.of(surroundings.installation().program()), args.stream())
                .toList();
    }

    /// Who reads a log as JSON, or from a file, finds there why the program has ended.
    private int logged(Throwable failure) {
        Complaint complaint = Complaint.of(failure);
        Logging.report(complaint, failure);
        return complaint.exitCode();
    }

    private int fail(Throwable failure, boolean stackTraces) {
        if (failure instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        Complaint complaint = Complaint.of(failure);
        console.err().print(complaint.text(failure, stackTraces));
        console.err().flush();
        return complaint.exitCode();
    }

    private String version() {
        @Nullable String python = surroundings.installation().pythonVersion();
        return "spvn %s (Java %s, Python %s, Jep %s)"
                .formatted(
                        SpvnServer.VERSION,
                        System.getProperty("java.version"),
                        python == null ? "not found" : python,
                        EmbeddedWorkers.JEP_VERSION);
    }
}
