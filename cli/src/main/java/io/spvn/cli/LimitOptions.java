package io.spvn.cli;

import io.spvn.server.ServerConfig.Limits;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How much clients may ask for.
final class LimitOptions {
    @Option(
            names = {"--limit-connections", "--limit-concurrency"},
            paramLabel = "N",
            description = {"Open connections.", "Default: what memory and file descriptors allow."})
    @Nullable Integer limitConnections;

    @Option(
            names = "--limit-body",
            paramLabel = "SIZE",
            description = {
                "Bytes of a request's body: 1000000, 512K, 10M or 1G.",
                "Default: any number."
            })
    @Nullable Long limitBody;

    /// The limits; what is not given has none.
    Limits limits() {
        return new Limits(
                Resolve.atLeast(
                        "--limit-connections", 1, limitConnections, Limits.DEFAULT.connections()),
                Resolve.or(limitBody, Limits.DEFAULT.body()));
    }
}
