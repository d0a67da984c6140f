package io.spvn.bridge.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Settings of workers that run no app.
public final class Settings {
    private Settings() {}

    public static WorkerSettings of(int workers, Isolation isolation) {
        Duration second = Duration.ofSeconds(1);
        return new WorkerSettings(
                new AppRef("app", Path.of("."), AppInterface.AUTO, false),
                python("3.13.0"),
                workers,
                isolation,
                EventLoop.AUTO,
                LifespanMode.AUTO,
                second,
                second,
                second,
                "",
                List.of("spvn"),
                16,
                Duration.ofSeconds(5),
                Duration.ZERO);
    }

    static PythonEnvironment python(String version) {
        return new PythonEnvironment(
                Path.of("python"), Path.of("libpython.so"), version, Path.of("support"));
    }
}
