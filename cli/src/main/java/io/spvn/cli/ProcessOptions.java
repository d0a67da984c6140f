package io.spvn.cli;

import io.spvn.server.process.ProcessSettings;
import io.spvn.server.process.ServiceManager;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the process is to the system.
final class ProcessOptions {
    @Option(
            names = {"-u", "--user"},
            paramLabel = "USER",
            description = "Run as this user once the addresses are bound.")
    @Nullable String user;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = "Run as this group. Default: the main one of --user.")
    @Nullable String group;

    @Option(
            names = {"-m", "--umask"},
            paramLabel = "MASK",
            description = "Octal; for Unix sockets and the app's files.")
    @Nullable String umask;

    @Option(
            names = "--proc-dir",
            paramLabel = "DIR",
            description = {
                "Made if missing; holds spvn.pid while the server runs.",
                "PROC_DIR is its variable."
            })
    @Nullable Path procDir;

    /// The user, the files.
    ///
    /// @param manager what has started this process
    ProcessSettings settings(ServiceManager manager) {
        return new ProcessSettings(user, group, mask(), directory(), manager);
    }

    private @Nullable Integer mask() {
        return Resolve.read("--umask", umask, Syntax::umask);
    }

    private @Nullable Path directory() {
        return procDir == null ? null : procDir.toAbsolutePath();
    }
}
