package io.spvn.cli;

import io.spvn.server.Bind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where metrics and health are served.
final class AdminOptions {
    @Option(
            names = "--admin-bind",
            paramLabel = "IP:PORT",
            description = {
                "Serve /metrics, /health/live and /health/ready there.",
                "Environment: SPVN_ADMIN_BIND. Default: off."
            })
    @Nullable Bind bind;

    /// The address; null for none.
    Bind.@Nullable Tcp bind(Environment environment) {
        Bind given = environment.orValue(bind, Environment.ADMIN_BIND, Syntax::bind);
        if (given instanceof Bind.Unix) {
            throw new UsageError("--admin-bind: must be IP:PORT, not a Unix socket");
        }
        return (Bind.Tcp) given;
    }
}
