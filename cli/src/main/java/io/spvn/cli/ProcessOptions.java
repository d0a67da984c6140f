package io.spvn.cli;

import io.spvn.server.process.ProcessSettings;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the process is to the system.
final class ProcessOptions {
    @Option(
            names = "--user",
            paramLabel = "USER",
            description = {
                "Run as this user once the addresses are bound.",
                "Environment: SPVN_USER."
            })
    @Nullable String user;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            description = "Run as this group. Default: the main one of --user.")
    @Nullable String group;

    @Option(
            names = "--umask",
            paramLabel = "MASK",
            description = "Octal; for Unix sockets and the app's files.")
    @Nullable String umask;

    @Option(
            names = "--proc-dir",
            paramLabel = "DIR",
            description = {
                "Made if missing; holds spvn.pid while the server runs.",
                "Environment: PROC_DIR."
            })
    @Nullable Path procDir;

    /// The user, the files.
    ProcessSettings settings(Environment environment) {
        return new ProcessSettings(
                user(environment),
                group,
                mask(),
                directory(environment),
                environment.serviceManager());
    }

    private @Nullable String user(Environment environment) {
        return environment.orValue(user, Environment.USER, Function.identity());
    }

    private @Nullable Integer mask() {
        return Resolve.read("--umask", umask, Syntax::umask);
    }

    private @Nullable Path directory(Environment environment) {
        Path given = environment.orValue(procDir, Environment.PROC_DIR, Path::of);
        return given == null ? null : given.toAbsolutePath();
    }
}
