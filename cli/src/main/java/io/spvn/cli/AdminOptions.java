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
                "Environment: SPVN_ADMIN_BIND. Default: off."
            })
    @Nullable Bind bind;

    /// The address; null for none.
    @Nullable Bind bind(Environment environment) {
        return environment.orValue(bind, Environment.ADMIN_BIND, Syntax::bind);
    }
}
