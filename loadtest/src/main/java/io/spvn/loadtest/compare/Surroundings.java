package io.spvn.loadtest.compare;

import java.io.File;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The environment variables that servers are started with: the caller's, without what would change
/// their settings, and with the virtual environment.
final class Surroundings {
    private static final List<String> SETTINGS =
            List.of("GRANIAN_", "UVICORN_", "HYPERCORN_", "GUNICORN_", "PYTHON", "ASGI_THREADS");
    private static final List<String> MORE_SETTINGS =
            List.of("WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS", "PROC_DIR");
    private static final List<String> OF_THE_JVM = List.of("SPVN_JAVA_HOME", "SPVN_JAVA_OPTS");

    private Surroundings() {}

    static Map<String, String> of(Map<String, String> callers, PythonHome home, Path apps) {
        Map<String, String> variables = new HashMap<>(callers);
        variables.keySet().removeIf(Surroundings::isSetting);
        String path = home.directory().resolve("bin").toString();
        variables.merge("PATH", path, (old, first) -> first + File.pathSeparator + old);
        variables.put("VIRTUAL_ENV", home.directory().toString());
        variables.put("PYTHONPATH", apps.toString());
        return variables;
    }

    private static boolean isSetting(String name) {
        return SETTINGS.stream().anyMatch(name::startsWith)
                || MORE_SETTINGS.contains(name)
                || (name.startsWith("SPVN_") && !OF_THE_JVM.contains(name));
    }
}
