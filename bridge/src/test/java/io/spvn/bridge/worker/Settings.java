package io.spvn.bridge.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Settings of workers that run no app.
public final class Settings {
    private Settings() {}

    public static WorkerSettings of(int workers, Isolation isolation) {
        return of(workers, isolation, WorkerSettings.Supervision.DEFAULT);
    }

    static WorkerSettings of(
            int workers, Isolation isolation, WorkerSettings.Supervision supervision) {
        Duration second = Duration.ofSeconds(1);
        boolean kills = supervision.hangAction() == HangAction.RESTART;
        return new WorkerSettings(
                new WorkerSettings.App(
                        new AppRef("app", Path.of("."), AppInterface.AUTO, false),
                        LifespanMode.AUTO,
                        second,
                        "",
                        List.of("spvn")),
                python("3.13.0"),
                new WorkerSettings.Crew(
                        workers, isolation, EventLoop.AUTO, kills ? second : Duration.ZERO, false),
                new WorkerSettings.Queue(16, Duration.ofMinutes(1)),
                new WorkerSettings.Stop(second, second),
                supervision);
    }

    /// One worker, which is a process of that Python.
    public static WorkerSettings ofPython(Path executable) {
        WorkerSettings settings = of(1, Isolation.PROCESS);
        return new WorkerSettings(
                settings.app(),
                new PythonEnvironment(
                        executable,
                        Path.of("libpython.so"),
                        "3.13.0",
                        Path.of("support"),
                        Path.of("cache")),
                settings.crew(),
                settings.queue(),
                settings.stop(),
                settings.supervision());
    }

    /// One worker, a process forked from one that has imported such an app.
    public static WorkerSettings preloading(Path executable, Path appDir, String target) {
        WorkerSettings settings = ofPython(executable);
        return new WorkerSettings(
                new WorkerSettings.App(
                        new AppRef(target, appDir, AppInterface.AUTO, false),
                        settings.app().lifespan(),
                        settings.app().startupTimeout(),
                        "",
                        settings.app().argv()),
                settings.python(),
                new WorkerSettings.Crew(1, Isolation.PROCESS, EventLoop.AUTO, Duration.ZERO, true),
                settings.queue(),
                settings.stop(),
                settings.supervision());
    }

    static PythonEnvironment python(String version) {
        return new PythonEnvironment(
                Path.of("python"),
                Path.of("libpython.so"),
                version,
                Path.of("support"),
                Path.of("cache"));
    }
}
