package io.spvn.cli;

import io.spvn.server.Bind;
import io.spvn.server.ServerConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where to listen, from `--bind` and its aliases.
final class AddressReader {
    private static final Bind DEFAULT =
            new Bind.Tcp(ServerConfig.DEFAULT_HOST, ServerConfig.DEFAULT_PORT);

    private final ServeCommand.Addresses given;
    private final Environment environment;

    AddressReader(ServeCommand.Addresses given, Environment environment) {
        this.given = given;
        this.environment = environment;
    }

    List<Bind> binds() {
        List<Bind> binds = new ArrayList<>(given.bind);
        if (given.host != null || given.port != null) {
            binds.add(tcp(given.host, given.port));
        }
        Path uds = given.uds;
        if (uds != null) {
            binds.add(Resolve.checked("--uds", () -> new Bind.Unix(uds)));
        }
        return binds.isEmpty() ? bindsByDefault() : binds;
    }

    private Bind tcp(@Nullable String host, @Nullable Integer port) {
        if (!given.bind.isEmpty()) {
            throw new UsageError("--bind and --host/--port: use one or the other");
        }
        int number = Resolve.or(port, ServerConfig.DEFAULT_PORT);
        String name = Resolve.or(host, ServerConfig.DEFAULT_HOST);
        String culprit = number < 0 || number > Bind.MAX_PORT ? "--port" : "--host";
        return Resolve.checked(culprit, () -> new Bind.Tcp(name, number));
    }

    private List<Bind> bindsByDefault() {
        return Resolve.or(environment.value(Environment.BIND, Syntax::binds), List.of(DEFAULT));
    }
}
