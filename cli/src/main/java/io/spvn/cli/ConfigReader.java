package io.spvn.cli;

import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.server.Bind;
import io.spvn.server.Bind.Tcp;
import io.spvn.server.ServerConfig;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the configuration: an option counts before its environment variable, that before the
/// default.
final class ConfigReader {
    private final ServeCommand options;
    private final Environment environment;
    private final int cpus;

    /// @param cpus workers that `--cpu` asks for
    ConfigReader(ServeCommand options, Environment environment, int cpus) {
        this.options = options;
        this.environment = environment;
        this.cpus = cpus;
    }

    /// @param argv what the app sees as `sys.argv`
    ServerConfig config(PythonEnvironment python, List<String> argv) {
        ServeCommand.Limits limits = options.limits;
        WorkerSettings worker = new WorkerReader(options, environment, cpus).settings(python, argv);
        return new ServerConfig(
                new AddressReader(options.addresses, environment).binds(),
                backlog(),
                options.addresses.dualStack,
                udsPermissions(),
                limitConnections(),
                Resolve.or(limits.limitBody, ServerConfig.DEFAULT_LIMIT_BODY),
                Resolve.orSeconds(
                        limits.timeoutHeader, ServerConfig.DEFAULT_TIMEOUT_HEADER_SECONDS),
                Resolve.orSeconds(limits.timeoutBody, ServerConfig.DEFAULT_TIMEOUT_BODY_SECONDS),
                Resolve.orSeconds(limits.timeoutWrite, ServerConfig.DEFAULT_TIMEOUT_WRITE_SECONDS),
                Resolve.orSeconds(
                        limits.timeoutKeepAlive, ServerConfig.DEFAULT_TIMEOUT_KEEP_ALIVE_SECONDS),
                user(),
                options.daemon.group,
                umask(),
                procDir(),
                adminBind(),
                worker);
    }

    private int backlog() {
        return Resolve.atLeast(
                "--backlog", 1, options.addresses.backlog, ServerConfig.DEFAULT_BACKLOG);
    }

    private @Nullable Integer udsPermissions() {
        String text = options.addresses.udsPermissions;
        return text == null
                ? null
                : Resolve.checked("--uds-permissions", () -> Syntax.permissions(text));
    }

    private int limitConnections() {
        return Resolve.atLeast(
                "--limit-connections",
                1,
                options.limits.limitConnections,
                ServerConfig.DEFAULT_LIMIT_CONNECTIONS);
    }

    private @Nullable String user() {
        String given = options.daemon.user;
        return given != null ? given : environment.text(Environment.USER);
    }

    private @Nullable Tcp adminBind() {
        Bind given = options.admin.bind;
        if (given == null) {
            given = environment.value(Environment.ADMIN_BIND, Syntax::bind);
        }
        if (given instanceof Bind.Unix) {
            throw new UsageError("--admin-bind: must be IP:PORT, not a Unix socket");
        }
        return (Tcp) given;
    }

    private @Nullable Integer umask() {
        String text = options.daemon.umask;
        return text == null ? null : Resolve.checked("--umask", () -> Syntax.umask(text));
    }

    private @Nullable Path procDir() {
        Path given = options.daemon.procDir;
        if (given == null) {
            given = environment.value(Environment.PROC_DIR, Path::of);
        }
        return given == null ? null : given.toAbsolutePath();
    }
}
