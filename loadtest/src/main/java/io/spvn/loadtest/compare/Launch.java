package io.spvn.loadtest.compare;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// What a peer's command line is made from.
///
/// @param launcher the program `spvn`
/// @param program finds a program of the virtual environment
/// @param apps directory of the apps, and of a script that serves with FastPySGI
/// @param target module and attribute
record Launch(
        String launcher,
        UnaryOperator<String> program,
        String apps,
        String target,
        String port,
        int workers) {
    /// A command line of a program of the virtual environment.
    List<String> rival(String name, String options) {
        return command(program.apply(name), options);
    }

    /// A command line. What is put in for a name in braces may hold spaces.
    ///
    /// @param options with spaces between them, and `{apps}`, `{port}`, `{workers}` and `{target}`
    List<String> command(String first, String options) {
        Stream<String> words = Arrays.stream(options.split(" ", -1)).map(this::filled);
        return Stream.concat(Stream.of(first), words).toList();
    }

    private String filled(String word) {
        return word.replace("{apps}", apps)
                .replace("{port}", port)
                .replace("{workers}", Integer.toString(workers))
                .replace("{target}", target);
    }

    /// For people: names instead of the paths of this machine.
    static Launch shown(int workers) {
        return new Launch(
                "./spvn", UnaryOperator.identity(), "loadtest/apps", "TARGET", "PORT", workers);
    }

    /// For a start.
    static Launch real(
            ComparisonSettings settings, PythonHome home, Group group, int port, int workers) {
        Path apps = settings.apps().toAbsolutePath();
        return new Launch(
                settings.launcher().toAbsolutePath().toString(),
                name -> home.program(name).toString(),
                apps.toString(),
                group.app(),
                Integer.toString(port),
                workers);
    }
}
