package io.spvn.cli;

import io.spvn.server.Bind;
import io.spvn.server.ServerConfig.Network;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where to listen: `--bind` with its aliases, and what the sockets are like.
final class NetworkOptions {
    @Option(
            names = {"-b", "--bind"},
            paramLabel = "ADDRESS",
            description = {
                "IP:PORT, [IPv6]:PORT or unix:/path; may be repeated.",
                "Port 0 is any free one.",
                "Default: " + Network.DEFAULT_HOST + ":" + Network.DEFAULT_PORT + "."
            })
    List<Bind> bind = new ArrayList<>();

    @Option(
            names = "--host",
            paramLabel = "IP",
            description = "With --port: another way to write --bind.")
    @Nullable String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "With --host: another way to write --bind.")
    @Nullable Integer port;

    @Option(
            names = "--uds",
            paramLabel = "PATH",
            description = "Another way to write --bind unix:PATH.")
    @Nullable Path uds;

    @Option(
            names = "--uds-permissions",
            paramLabel = "MODE",
            description = {
                "Octal; who may connect to Unix sockets is who may",
                "write. Default: 666, less --umask."
            })
    @Nullable String udsPermissions;

    @Option(names = "--dual-stack", description = "IPv6 addresses take clients of IPv4, too.")
    boolean dualStack;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            description = {
                "Connections that may wait to be",
                "accepted. Default: " + Network.DEFAULT_BACKLOG + "."
            })
    @Nullable Integer backlog;

    /// The sockets to listen on.
    Network network() {
        return new Network(
                binds(),
                Resolve.atLeast("--backlog", 1, backlog, Network.DEFAULT_BACKLOG),
                dualStack,
                permissions());
    }

    private List<Bind> binds() {
        List<Bind> binds = new ArrayList<>(bind);
        if (host != null || port != null) {
            binds.add(tcp());
        }
        Path path = uds;
        if (path != null) {
            binds.add(Resolve.checked("--uds", () -> new Bind.Unix(path)));
        }
        return binds.isEmpty() ? Network.DEFAULT.binds() : binds;
    }

    private Bind tcp() {
        if (!bind.isEmpty()) {
            throw new UsageError("--bind and --host/--port: use one or the other");
        }
        int number = Resolve.or(port, Network.DEFAULT_PORT);
        String name = Resolve.or(host, Network.DEFAULT_HOST);
        String culprit = number < 0 || number > Bind.MAX_PORT ? "--port" : "--host";
        return Resolve.checked(culprit, () -> new Bind.Tcp(name, number));
    }

    private @Nullable Integer permissions() {
        return Resolve.read("--uds-permissions", udsPermissions, Syntax::permissions);
    }
}
