package io.spvn.cli;

import io.spvn.bridge.worker.AppLogging;
import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.bridge.worker.WorkerSettings.App;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What an app is told.
final class AppOptions {
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
    /// @param ref where it is
    /// @param argv what it sees as `sys.argv`
    /// @param logging how what it says is logged
    App app(AppRef ref, List<String> argv, AppLogging logging) {
        return new App(
                ref,
                Resolve.or(lifespan, App.DEFAULT_LIFESPAN),
                Resolve.orSeconds(startupTimeout, App.DEFAULT_STARTUP_TIMEOUT_SECONDS),
                rootPath(),
                argv,
                logging);
    }

    private String rootPath() {
        String path = Resolve.or(rootPath, "").replaceFirst("/+$", "");
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw new UsageError("--root-path: '" + path + "' does not start with a slash");
        }
        return path;
    }
}
