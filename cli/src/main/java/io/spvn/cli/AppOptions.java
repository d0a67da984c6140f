package io.spvn.cli;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.bridge.worker.WorkerSettings.App;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which app is served, and what it is told.
final class AppOptions {
    @Option(
            names = "--target",
            paramLabel = "TARGET",
            description = "The same as the argument TARGET.")
    @Nullable String target;

    @Option(
            names = "--app-dir",
            paramLabel = "DIR",
            description = {
                "Where modules are looked for first.",
                "Default: the current directory."
            })
    @Nullable Path appDir;

    @Option(
            names = "--interface",
            paramLabel = "KIND",
            description = "auto, asgi3, asgi2 or wsgi. Default: auto.")
    @Nullable AppInterface appInterface;

    @Option(names = "--factory", description = "TARGET is a function that makes the app.")
    boolean factory;

    @Option(
            names = "--root-path",
            paramLabel = "PATH",
            description = "Where a proxy has mounted the app. Default: none.")
    @Nullable String rootPath;

    @Option(
            names = {"-l", "--lifespan"},
            arity = "0..1",
            paramLabel = "MODE",
            preprocessor = BareLifespan.class,
            description = {
                "Tell the app about start-up and shutdown: auto, on",
                "or off. Bare -l means on. Default: auto."
            })
    @Nullable LifespanMode lifespan;

    @Option(
            names = "--startup-timeout",
            paramLabel = "TIME",
            description =
                    "For the app's start-up. Default: "
                            + App.DEFAULT_STARTUP_TIMEOUT_SECONDS
                            + "s.")
    @Nullable Duration startupTimeout;

    /// The app, and what it is told.
    ///
    /// @param argument TARGET as the command's argument
    /// @param argv what it sees as `sys.argv`
    App app(@Nullable String argument, List<String> argv) {
        return new App(
                ref(argument),
                Resolve.or(lifespan, App.DEFAULT_LIFESPAN),
                Resolve.orSeconds(startupTimeout, App.DEFAULT_STARTUP_TIMEOUT_SECONDS),
                rootPath(),
                argv);
    }

    private AppRef ref(@Nullable String argument) {
        Path directory = Resolve.or(appDir, Path.of("")).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new UsageError("--app-dir: there is no directory " + directory);
        }
        AppInterface kind = Resolve.or(appInterface, AppInterface.AUTO);
        return new AppRef(target(argument), directory, kind, factory);
    }

    private String target(@Nullable String argument) {
        if (argument != null && target != null) {
            throw new UsageError("TARGET and --target: use one or the other");
        }
        String given = argument != null ? argument : target;
        if (given == null || given.isBlank()) {
            throw new UsageError("no app: write 'spvn serve module:attribute'");
        }
        return given;
    }

    private String rootPath() {
        String path = Resolve.or(rootPath, "").replaceFirst("/+$", "");
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw new UsageError("--root-path: '" + path + "' does not start with a slash");
        }
        return path;
    }
}
