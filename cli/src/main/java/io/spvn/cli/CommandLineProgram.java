package io.spvn.cli;

import io.spvn.server.ServerConfig;
import io.spvn.server.SpvnServer;
import io.spvn.server.process.InheritedDescriptors;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
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
        try {
            ParseResult parsed = PicocliSetup.commandLine(version(), console.out()).parseArgs(args);
            Integer helped = CommandLine.executeHelpRequest(parsed);
            return helped != null ? helped : run(parsed, List.of(args));
        } catch (Throwable failure) {
            return fail(failure, false);
        }
    }

    private int run(ParseResult parsed, List<String> args) {
        SpvnCommand command = PicocliSetup.command(parsed);
        LogSettings log = new LogReader(command.log(), surroundings.environment()).settings();
        Logging.start(log);
        try {
            return dispatch(command, parsed, args);
        } catch (Throwable failure) {
            return fail(failure, log.stackTraces());
        }
    }

    private int dispatch(SpvnCommand command, ParseResult parsed, List<String> args)
            throws InterruptedException {
        return switch (command) {
            case RootCommand _ -> throw new UsageError(RootCommand.INCOMPLETE);
            case LoadtestCommand _ -> throw new UsageError(LoadtestCommand.INCOMPLETE);
            case ServeCommand serve -> engines.server().serve(config(serve, args), given(parsed));
            case StatusCommand status -> new StatusRun(console).run(status.settings());
            case DoctorCommand doctor -> doctor(doctor, args);
            case AttackCommand attack ->
                    new AttackRun(engines.attack(), console)
                            .run(new AttackReader(attack).settings());
            case CompareCommand compare -> compare(compare);
        };
    }

    private Map<String, String> given(ParseResult parsed) {
        ParseResult named = parsed.asCommandLineList().getLast().getParseResult();
        return GivenOptions.of(named, surroundings.environment());
    }

    private ServerConfig config(ServeCommand serve, List<String> args) {
        return new ConfigReader(serve, surroundings.environment(), surroundings.cpus())
                .config(surroundings.installation().python(), argv(args));
    }

    private int doctor(DoctorCommand doctor, List<String> args) throws InterruptedException {
        return new DoctorRun(engines.doctor(), console)
                .run(surroundings.installation(), doctor.which.refIfAny(), argv(args));
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
        return "spvn %s (Java %s, Python %s)"
                .formatted(
                        SpvnServer.VERSION,
                        System.getProperty("java.version"),
                        python == null ? "not found" : python);
    }
}
