package io.spvn.bridge.worker;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// What a worker's Python side is told at its start: `Settings` of `spvn_bridge.settings`.
public final class PythonSettings {
    private PythonSettings() {}

    /// Names and values, which are texts, numbers, truths and lists of texts; times are seconds.
    public static Map<String, Object> of(WorkerSettings settings, int worker, Isolation isolation) {
        WorkerSettings.App app = settings.app();
        AppRef ref = app.ref();
        Map<String, Object> values = new HashMap<>();
        values.put("target", ref.target());
        values.put("app_dir", ref.appDir().toString());
        values.put("interface", ref.appInterface().name().toLowerCase(Locale.ROOT));
        values.put("factory", ref.factory());
        values.put("lifespan", app.lifespan().name().toLowerCase(Locale.ROOT));
        values.put("startup_timeout", app.startupTimeout().toMillis() / 1000.0);
        values.put("root_path", app.rootPath());
        values.put("argv", app.argv());
        values.put("support", settings.python().support().toString());
        Path config = app.logging().config();
        values.put("log_config", config == null ? "" : config.toString());
        values.put("log_json", app.logging().json());
        values.put("worker", worker);
        values.put("loop", settings.crew().loop().name().toLowerCase(Locale.ROOT));
        values.put("isolation", isolation.label());
        return values;
    }
}
