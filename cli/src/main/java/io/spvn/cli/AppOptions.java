package io.spvn.cli;

import io.spvn.bridge.worker.AppLogging;
import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.bridge.worker.WorkerSettings.App;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What an app is told.
final class AppOptions {
    @Option(
            names = {"--root-path", "--url-path-prefix"},
            paramLabel = "PATH",
            description = "Where a proxy has mounted the app. Default: none.")
    @Nullable String rootPath;

    @Option(
            names = {"-l", "--lifespan"},
            arity = "0..1",
            paramLabel = "MODE",
            preprocessor = BareOption.Lifespan.class,
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

    @Option(
            names = {"--env-file", "--env-files"},
            paramLabel = "FILE",
            description = {
                "Lines NAME=VALUE for the app's environment; what is",
                "there already stays; may be repeated."
            })
    List<Path> envFile = new ArrayList<>();

    @Option(
            names = {"-e", "--env"},
            paramLabel = "NAME=VALUE",
            description = {
                "A variable for the app's environment, whatever is",
                "there already; may be repeated."
            })
    List<String> env = new ArrayList<>();

    /// The app, and what it is told.
    ///
    /// @param ref where it is
    /// @param argv what it sees as `sys.argv`
    /// @param logging how what it says is logged
    /// @param environment of the process
    App app(AppRef ref, List<String> argv, AppLogging logging, Environment environment) {
        return new App(
                ref,
                Resolve.or(lifespan, App.DEFAULT_LIFESPAN),
                Resolve.orSeconds(startupTimeout, App.DEFAULT_STARTUP_TIMEOUT_SECONDS),
                rootPath(),
                argv,
                logging,
                variables(environment));
    }

    private Map<String, String> variables(Environment environment) {
        Map<String, String> variables = new TreeMap<>();
        envFile.forEach(file -> variables.putAll(DotEnv.read(file, environment.variables())));
        variables.keySet().removeAll(environment.variables().keySet());
        env.forEach(each -> Resolve.checked("--env", () -> variable(each, variables)));
        return variables;
    }

    private static String variable(String text, Map<String, String> variables) {
        int sign = text.indexOf('=');
        String name = sign < 0 ? "" : text.substring(0, sign);
        if (!DotEnv.isName(name)) {
            throw new IllegalArgumentException("must be NAME=VALUE, with a name of a variable");
        }
        variables.put(name, text.substring(sign + 1));
        return name;
    }

    private String rootPath() {
        String path = Resolve.or(rootPath, "").replaceFirst("/+$", "");
        if (!path.isEmpty() && !path.startsWith("/")) {
            throw new UsageError("--root-path: '" + path + "' does not start with a slash");
        }
        return path;
    }
}
