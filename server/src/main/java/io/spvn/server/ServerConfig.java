package io.spvn.server;

import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.server.Bind.Tcp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that can be configured, checked; and the defaults.
///
/// @param binds addresses to listen on
/// @param backlog connections that the system may keep waiting to be accepted
/// @param dualStack whether IPv6 addresses take clients of IPv4 as well
/// @param udsPermissions of the files of Unix sockets, null for the default less the umask
/// @param limitConnections open connections at most; 0: as many as the limit of file descriptors
///   allows
/// @param limitBody bytes of a request's body at most; 0: any number
/// @param timeoutHeader for a request's head to arrive
/// @param timeoutBody for the next piece of a request's body to arrive
/// @param timeoutWrite for a client to take the next piece of a response
/// @param timeoutKeepAlive for the next request of a connection to begin
/// @param user name or number to run as once the addresses are bound
/// @param group name or number to run as once the addresses are bound
/// @param umask of files and Unix sockets that the server makes
/// @param procDir directory of the pid file
/// @param adminBind where metrics and health are served, null for nowhere
/// @param worker the workers and their app
public record ServerConfig(
        List<Bind> binds,
        int backlog,
        boolean dualStack,
        @Nullable Integer udsPermissions,
        int limitConnections,
        long limitBody,
        Duration timeoutHeader,
        Duration timeoutBody,
        Duration timeoutWrite,
        Duration timeoutKeepAlive,
        @Nullable String user,
        @Nullable String group,
        @Nullable Integer umask,
        @Nullable Path procDir,
        @Nullable Tcp adminBind,
        WorkerSettings worker) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 8000;
    public static final int DEFAULT_WORKERS = 1;
    public static final int DEFAULT_BACKLOG = 4096;
    public static final int DEFAULT_UDS_PERMISSIONS = 0666;
    public static final int DEFAULT_LIMIT_CONNECTIONS = 0;
    public static final long DEFAULT_LIMIT_BODY = 0;
    public static final int DEFAULT_QUEUE_SIZE = 1024;
    public static final int DEFAULT_QUEUE_TIMEOUT_SECONDS = 5;
    public static final int DEFAULT_TIMEOUT_HEADER_SECONDS = 10;
    public static final int DEFAULT_TIMEOUT_BODY_SECONDS = 30;
    public static final int DEFAULT_TIMEOUT_WRITE_SECONDS = 30;
    public static final int DEFAULT_TIMEOUT_KEEP_ALIVE_SECONDS = 75;
    public static final int DEFAULT_STARTUP_TIMEOUT_SECONDS = 60;
    public static final int DEFAULT_GRACEFUL_TIMEOUT_SECONDS = 30;
    public static final int DEFAULT_STREAM_GRACE_SECONDS = 1;

    private static final int MAX_MODE = 0777;

    public ServerConfig {
        binds = List.copyOf(binds);
        if (binds.isEmpty()) {
            throw new IllegalArgumentException("binds is empty");
        }
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be at least 1, not " + backlog);
        }
        if (limitConnections < 0) {
            throw new IllegalArgumentException(
                    "limitConnections must be at least 0, not " + limitConnections);
        }
        if (limitBody < 0) {
            throw new IllegalArgumentException("limitBody must be at least 0, not " + limitBody);
        }
        if (umask != null && (umask < 0 || umask > MAX_MODE)) {
            throw new IllegalArgumentException("umask must be within 000-777");
        }
        if (udsPermissions != null && (udsPermissions < 0 || udsPermissions > MAX_MODE)) {
            throw new IllegalArgumentException("udsPermissions must be within 000-777");
        }
        requirePositive("timeoutHeader", timeoutHeader);
        requirePositive("timeoutBody", timeoutBody);
        requirePositive("timeoutWrite", timeoutWrite);
        requirePositive("timeoutKeepAlive", timeoutKeepAlive);
    }

    /// Permissions of the files of Unix sockets: a proxy of another user has to be able to connect.
    int socketPermissions() {
        if (udsPermissions != null) {
            return udsPermissions;
        }
        return umask == null ? DEFAULT_UDS_PERMISSIONS : DEFAULT_UDS_PERMISSIONS & ~umask;
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be more than zero, not " + value);
        }
    }
}
