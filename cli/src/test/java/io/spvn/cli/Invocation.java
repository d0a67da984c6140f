package io.spvn.cli;

import io.spvn.server.ServerConfig;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// One call of the program with a server that only remembers its configuration.
record Invocation(int exitCode, String out, String err, List<ServerConfig> configs) {
    static final Map<String, String> INSTALLATION =
            Map.of(
                    "spvn.home", "/checkout",
                    "spvn.python.executable", "/python/bin/python3.13",
                    "spvn.python.library", "/python/lib/libpython3.13.so",
                    "spvn.python.version", "3.13.0",
                    "spvn.python.support", "/support");
    static final int CPUS = 3;

    static Invocation of(String... args) {
        return with(Map.of(), args);
    }

    static Invocation with(Map<String, String> environment, String... args) {
        return with(environment, INSTALLATION, args);
    }

    static Invocation with(
            Map<String, String> environment, Map<String, String> properties, String... args) {
        List<ServerConfig> configs = new ArrayList<>();
        return run(
                environment,
                properties,
                configs,
                config -> {
                    configs.add(config);
                    return 0;
                },
                args);
    }

    static Invocation withServer(
            Map<String, String> environment, ServeRun.Server server, String... args) {
        return run(environment, INSTALLATION, List.of(), server, args);
    }

    private static Invocation run(
            Map<String, String> environment,
            Map<String, String> properties,
            List<ServerConfig> configs,
            ServeRun.Server server,
            String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Surroundings surroundings =
                new Surroundings(new Environment(environment), new Installation(properties), CPUS);
        CommandLineProgram program =
                new CommandLineProgram(
                        surroundings, server, new PrintWriter(out), new PrintWriter(err));
        int exitCode = program.run(args);
        return new Invocation(exitCode, out.toString(), err.toString(), configs);
    }

    ServerConfig config() {
        if (configs.isEmpty()) {
            throw new AssertionError("the server was not started: " + err);
        }
        return configs.getFirst();
    }
}
