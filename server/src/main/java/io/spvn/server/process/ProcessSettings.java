package io.spvn.server.process;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the process is asked to be to the system; null wherever it is to stay what it is.
///
/// @param user name or number to run as once the addresses are bound
/// @param group name or number to run as once the addresses are bound
/// @param umask of files and Unix sockets that the server makes
/// @param directory of the pid file; null for none
/// @param manager that has started it
public record ProcessSettings(
        @Nullable String user,
        @Nullable String group,
        @Nullable Integer umask,
        @Nullable Path directory,
        ServiceManager manager) {
    public static final ProcessSettings DEFAULT = new ProcessSettings(null, null, null, null);

    /// Started by nobody who wants to know of it.
    public ProcessSettings(
            @Nullable String user,
            @Nullable String group,
            @Nullable Integer umask,
            @Nullable Path directory) {
        this(user, group, umask, directory, ServiceManager.NONE);
    }

    public ProcessSettings {
        FileMode.require("umask", umask);
    }
}
