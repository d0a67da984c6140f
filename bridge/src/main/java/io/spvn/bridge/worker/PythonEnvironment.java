package io.spvn.bridge.worker;

import java.nio.file.Path;

/// The Python that runs the app.
///
/// @param executable the interpreter whose packages the app sees
/// @param library the shared libpython
/// @param version such as `3.13.0`
/// @param support directory that holds Jep for this Python, and a2wsgi unless the app's packages do
/// @param cache directory for what is found out about it, which may be missing
public record PythonEnvironment(
        Path executable, Path library, String version, Path support, Path cache) {
    public PythonEnvironment {
        if (!version.matches("\\d+\\.\\d+(\\..*)?")) {
            throw new IllegalArgumentException("version is not a Python version: " + version);
        }
    }

    /// Whether this Python is at least `major.minor`.
    public boolean isAtLeast(int major, int minor) {
        String[] parts = version.split("\\.", 3);
        int ownMajor = Integer.parseInt(parts[0]);
        return ownMajor > major || (ownMajor == major && Integer.parseInt(parts[1]) >= minor);
    }
}
