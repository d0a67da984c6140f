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
                new WorkerSettings.App(
                        new AppRef("app", Path.of("."), AppInterface.AUTO, false),
                        LifespanMode.AUTO,
                        second,
                        "",
                        List.of("spvn")),
                python("3.13.0"),
                new WorkerSettings.Crew(workers, isolation, EventLoop.AUTO, Duration.ZERO),
                new WorkerSettings.Queue(16, Duration.ofMinutes(1)),
                new WorkerSettings.Stop(second, second));
    }

    static PythonEnvironment python(String version) {
        return new PythonEnvironment(
                Path.of("python"), Path.of("libpython.so"), version, Path.of("support"));
    }
}
