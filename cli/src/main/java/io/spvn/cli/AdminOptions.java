package io.spvn.cli;

import io.spvn.server.Bind;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where status, metrics and health are served.
final class AdminOptions {
    @Option(
            names = "--admin-bind",
            paramLabel = "ADDRESS",
            description = {
                "Serve a status page there, /status, /metrics,",
                "/health/live and /health/ready; or unix:/path.",
                "Default: off."
            })
    @Nullable Bind bind;

    /// The address; null for none.
    @Nullable Bind bind() {
        return bind;
    }
}
