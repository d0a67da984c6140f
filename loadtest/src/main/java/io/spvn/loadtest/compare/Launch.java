package io.spvn.loadtest.compare;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

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
