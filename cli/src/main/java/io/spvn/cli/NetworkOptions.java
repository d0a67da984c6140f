package io.spvn.cli;

import io.spvn.server.Bind;
import io.spvn.server.ServerConfig.Network;
import io.spvn.server.process.ServiceManager;
import io.spvn.server.proxy.Proxies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where to listen: `--bind` with its aliases, and what the sockets are like.
final class NetworkOptions {
    /// More than anybody has; the first that is missing ends the start.
    private static final int MOST_INHERITED = 1024;

    @Option(
            names = {"-b", "--bind"},
            paramLabel = "ADDRESS",
            description = {
                "IP:PORT, [IPv6]:PORT, unix:/path or fd://N, an",
                "inherited socket that listens; may be repeated.",
                "Port 0 is any free one.",
                "Default: " + Network.DEFAULT_HOST + ":" + Network.DEFAULT_PORT + ".",
                "Under systemd: its sockets (LISTEN_FDS)."
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

    @Option(names = "--fd", paramLabel = "N", description = "Another way to write --bind fd://N.")
    @Nullable Integer fd;

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
            names = "--reuse-port",
            description = {
                "Several servers that say so listen on one port, and",
                "the system shares connections out (SO_REUSEPORT)."
            })
    boolean reusePort;

    @Option(
            names = "--backlog",
            paramLabel = "N",
            description = {
                "Connections that may wait to be",
                "accepted. Default: " + Network.DEFAULT_BACKLOG + "."
            })
    @Nullable Integer backlog;

    /// The sockets to listen on.
    ///
    /// @param proxies what is taken from those who connect for others
    Network network(Environment environment, Proxies proxies) {
        return new Network(
                binds(environment),
                Resolve.atLeast("--backlog", 1, backlog, Network.DEFAULT_BACKLOG),
                dualStack,
                permissions(),
                reusePort,
                proxies);
    }

    private List<Bind> binds(Environment environment) {
        List<Bind> binds = new ArrayList<>(bind);
        if (host != null || port != null) {
            binds.add(tcp());
        }
        Path path = uds;
        if (path != null) {
            binds.add(Resolve.checked("--uds", () -> new Bind.Unix(path)));
        }
        Integer descriptor = fd;
        if (descriptor != null) {
            binds.add(Resolve.checked("--fd", () -> new Bind.Inherited(descriptor)));
        }
        List<Bind> all =
                binds.isEmpty() ? inherited(environment.serviceManager().sockets()) : binds;
        requireOnce(all);
        return all;
    }

    /// A descriptor has one owner.
    private static void requireOnce(List<Bind> binds) {
        Set<Bind> seen = new HashSet<>();
        for (Bind each : binds) {
            if (each instanceof Bind.Inherited && !seen.add(each)) {
                throw new UsageError("--bind: " + each.url() + " is given twice");
            }
        }
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

    private static List<Bind> inherited(int sockets) {
        int first = ServiceManager.FIRST_SOCKET;
        return sockets == 0
                ? Network.DEFAULT.binds()
                : IntStream.range(first, first + Math.min(sockets, MOST_INHERITED))
                        .<Bind>mapToObj(Bind.Inherited::new)
                        .toList();
    }

    private @Nullable Integer permissions() {
        return Resolve.read("--uds-permissions", udsPermissions, Syntax::permissions);
    }
}
