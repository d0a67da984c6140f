package io.spvn.loadtest.compare;

import java.nio.file.Path;

/// A virtual environment that holds the rivals and the frameworks.
///
/// @param version of Python
record PythonHome(Path directory, String version) {
    Path program(String name) {
        return directory.resolve("bin").resolve(name);
    }
}
