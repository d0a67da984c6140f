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
                "Default: off."
            })
    @Nullable Bind bind;

    /// The address; null for none.
    Bind.@Nullable Tcp bind() {
        if (bind instanceof Bind.Unix) {
            throw new UsageError("--admin-bind: must be IP:PORT, not a Unix socket");
        }
        return (Bind.Tcp) bind;
    }
}
