package io.spvn.cli;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.AppRef;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which app is meant.
final class TargetOptions {
    private static final String CALL = "()";

    @Parameters(
            arity = "0..1",
            paramLabel = "TARGET",
            description = {
                "The app: package.module:attribute",
                "or path/file.py:attribute.",
                "Default attribute: app, else application."
            })
    @Nullable String argument;

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

    /// Where the app is.
    AppRef ref() {
        AppRef ref = refIfAny();
        if (ref == null) {
            throw new UsageError("no app: write 'spvn serve module:attribute'");
        }
        return ref;
    }

    /// Where the app is, null when none is named.
    @Nullable AppRef refIfAny() {
        Path directory = Resolve.or(appDir, Path.of("")).toAbsolutePath().normalize();
        if (!Files.isDirectory(directory)) {
            throw new UsageError("--app-dir: there is no directory " + directory);
        }
        String given = target();
        return given == null ? null : ref(given, directory);
    }

    /// A target that ends in `()` is a factory, as gunicorn has it.
    private AppRef ref(String given, Path directory) {
        boolean called = given.endsWith(CALL);
        String name = called ? given.substring(0, given.length() - CALL.length()) : given;
        AppInterface kind = Resolve.or(appInterface, AppInterface.AUTO);
        return new AppRef(name, directory, kind, factory || called);
    }

    private @Nullable String target() {
        if (argument != null && target != null) {
            throw new UsageError("TARGET and --target: use one or the other");
        }
        String given = argument != null ? argument : target;
        return given == null || given.isBlank() ? null : given;
    }
}
