package io.spvn.cli;

import io.spvn.bridge.worker.PythonEnvironment;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the launcher found out, passed on as system properties.
record Installation(Map<String, String> properties) {
    private static final String PYTHON_VERSION = "spvn.python.version";

    Installation {
        properties = Map.copyOf(properties);
    }

    /// Path of the launcher, as the app sees it in `sys.argv`.
    String program() {
        return properties.getOrDefault("spvn.program", "spvn");
    }

    /// The checkout, or the installed package.
    Path home() {
        return Path.of(required("spvn.home"));
    }

    /// What is made here for longer than one run.
    Path state() {
        return Path.of(required("spvn.state"));
    }

    /// The interpreter that apps run on.
    Path pythonExecutable() {
        return Path.of(required("spvn.python.executable"));
    }

    @Nullable String pythonVersion() {
        return properties.get(PYTHON_VERSION);
    }

    PythonEnvironment python() {
        return new PythonEnvironment(
                pythonExecutable(),
                Path.of(required("spvn.python.library")),
                required(PYTHON_VERSION),
                Path.of(required("spvn.python.support")),
                Path.of(required("spvn.cache")));
    }

    private String required(String name) {
        String value = properties.get(name);
        if (value == null) {
            throw new MissingPart(
                    "no Python: " + name + " is not set; start spvn with its launcher");
        }
        return value;
    }
}
