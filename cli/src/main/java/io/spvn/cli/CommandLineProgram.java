package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.spvn.server.ServerConfig;
import io.spvn.server.SpvnServer;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/// From arguments to an exit code: help, version, commands, and one line for each failure.
final class CommandLineProgram {
    private final Surroundings surroundings;
    private final ServeRun.Server server;
    private final PrintWriter out;
    private final PrintWriter err;

    CommandLineProgram(
            Surroundings surroundings, ServeRun.Server server, PrintWriter out, PrintWriter err) {
        this.surroundings = surroundings;
        this.server = server;
        this.out = out;
        this.err = err;
    }

    static CommandLineProgram ofProcess() {
        return new CommandLineProgram(
                Surroundings.ofProcess(),
                config -> SpvnServer.start(config).await(),
                new PrintWriter(System.out, true, UTF_8),
                new PrintWriter(System.err, true, UTF_8));
    }

    /// Runs the command that `args` name, to its end.
    ///
    /// @return the exit code of the process
    int run(String... args) {
        ServeCommand serve = new ServeCommand();
        try {
            ParseResult parsed = PicocliSetup.commandLine(serve, version(), out).parseArgs(args);
            Integer helped = CommandLine.executeHelpRequest(parsed);
            return helped != null ? helped : run(serve, parsed, List.of(args));
        } catch (Throwable failure) {
            return fail(failure, showsStackTraces(serve));
        }
    }

    private int run(ServeCommand serve, ParseResult parsed, List<String> args)
            throws InterruptedException {
        if (!parsed.hasSubcommand()) {
            throw new UsageError(
                    "no command: write 'spvn serve module:attribute', or see 'spvn -h'");
        }
        ConfigReader reader = reader(serve);
        Logging.start(reader.log());
        ServerConfig config = reader.config(surroundings.installation().python(), argv(args));
        return new ServeRun(server).run(config);
    }

    private ConfigReader reader(ServeCommand serve) {
        return new ConfigReader(serve, surroundings.environment(), surroundings.cpus());
    }

    private boolean showsStackTraces(ServeCommand serve) {
        try {
            return reader(serve).log().internals();
        } catch (UsageError _) {
            return false;
        }
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
        err.print(complaint.text(failure, stackTraces));
        err.flush();
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
