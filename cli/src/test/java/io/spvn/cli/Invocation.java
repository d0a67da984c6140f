package io.spvn.cli;

import io.spvn.loadtest.compare.ComparisonResult;
import io.spvn.loadtest.compare.ComparisonSettings;
import io.spvn.server.ServerConfig;
import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/// One call of the program with engines that only remember what they were to do.
record Invocation(int exitCode, String out, String err, Asked asked) {
    static final Map<String, String> INSTALLATION =
            Map.of(
                    "spvn.program", "/checkout/spvn",
                    "spvn.home", "/checkout",
                    "spvn.state", "/checkout/.spvn",
                    "spvn.cache", "/cache",
                    "spvn.python.executable", "/python/bin/python3.13",
                    "spvn.python.library", "/python/lib/libpython3.13.so",
                    "spvn.python.version", "3.13.0",
                    "spvn.python.support", "/support");
    static final int CPUS = 3;

    /// What the engines were to do.
    record Asked(
            List<ServerConfig> servers,
            List<AttackSettings> attacks,
            List<ComparisonSettings> comparisons) {
        Asked() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        Engines engines() {
            return new Engines(
                    (config, _) -> {
                        servers.add(config);
                        return 0;
                    },
                    (settings, _) -> {
                        attacks.add(settings);
                        return Runs.of(settings.plan());
                    },
                    (settings, _) -> {
                        comparisons.add(settings);
                        return new ComparisonResult(
                                Map.of("kind", "comparison"), "| table |\n", true);
                    },
                    (_, _) -> {
                        throw new AssertionError("nobody is to be examined");
                    });
        }
    }

    static Invocation of(String... args) {
        return with(Map.of(), args);
    }

    /// @param line reads the arguments, and has read others before
    static Invocation readBy(CommandLine line, String... args) {
        Asked asked = new Asked();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), false);
        int exitCode =
                program(Map.of(), INSTALLATION, asked.engines(), console).run(() -> line, args);
        return new Invocation(exitCode, out.toString(), err.toString(), asked);
    }

    static Invocation with(Map<String, String> environment, String... args) {
        return with(environment, INSTALLATION, args);
    }

    static Invocation with(
            Map<String, String> environment, Map<String, String> properties, String... args) {
        Asked asked = new Asked();
        return run(environment, properties, asked, asked.engines(), false, args);
    }

    static Invocation withServer(
            Map<String, String> environment, Engines.Server server, String... args) {
        Engines idle = new Asked().engines();
        return withEngines(
                environment,
                new Engines(server, idle.attack(), idle.comparison(), idle.doctor()),
                false,
                args);
    }

    static Invocation withAttack(boolean rewritable, AttackRun.Engine attack, String... args) {
        Engines idle = new Asked().engines();
        return withEngines(
                Map.of(),
                new Engines(idle.server(), attack, idle.comparison(), idle.doctor()),
                rewritable,
                args);
    }

    static Invocation withComparison(CompareRun.Engine comparison, String... args) {
        Engines idle = new Asked().engines();
        return withEngines(
                Map.of(),
                new Engines(idle.server(), idle.attack(), comparison, idle.doctor()),
                false,
                args);
    }

    static Invocation withDoctor(
            Map<String, String> properties, DoctorRun.Engine doctor, String... args) {
        Engines idle = new Asked().engines();
        Engines engines = new Engines(idle.server(), idle.attack(), idle.comparison(), doctor);
        return run(Map.of(), properties, new Asked(), engines, false, args);
    }

    /// Nothing can be written to standard output.
    static Invocation withBrokenOutput(String... args) {
        Writer broken =
                new FilterWriter(Writer.nullWriter()) {
                    @Override
                    public void flush() throws IOException {
                        throw new IOException("no space left");
                    }
                };
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(broken), new PrintWriter(err), false);
        Asked asked = new Asked();
        int exitCode = run(Map.of(), INSTALLATION, asked.engines(), console, args);
        return new Invocation(exitCode, "", err.toString(), asked);
    }

    private static Invocation withEngines(
            Map<String, String> environment, Engines engines, boolean rewritable, String... args) {
        return run(environment, INSTALLATION, new Asked(), engines, rewritable, args);
    }

    private static Invocation run(
            Map<String, String> environment,
            Map<String, String> properties,
            Asked asked,
            Engines engines,
            boolean rewritable,
            String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(out), new PrintWriter(err), rewritable);
        int exitCode = run(environment, properties, engines, console, args);
        return new Invocation(exitCode, out.toString(), err.toString(), asked);
    }

    private static int run(
            Map<String, String> environment,
            Map<String, String> properties,
            Engines engines,
            Console console,
            String... args) {
        return program(environment, properties, engines, console).run(args);
    }

    private static CommandLineProgram program(
            Map<String, String> environment,
            Map<String, String> properties,
            Engines engines,
            Console console) {
        Surroundings surroundings =
                new Surroundings(new Environment(environment), new Installation(properties), CPUS);
        return new CommandLineProgram(surroundings, engines, console);
    }

    ServerConfig config() {
        return only(asked.servers());
    }

    AttackSettings attack() {
        return only(asked.attacks());
    }

    ComparisonSettings comparison() {
        return only(asked.comparisons());
    }

    private <T> T only(List<T> done) {
        if (done.isEmpty()) {
            throw new AssertionError("nothing was started: " + err);
        }
        return done.getFirst();
    }
}
