package io.spvn.cli;

import io.spvn.server.connection.Timeouts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How long clients are waited for.
final class TimeoutOptions {
    @Option(
            names = "--timeout-handshake",
            paramLabel = "TIME",
            description =
                    "For a TLS handshake. Default: " + Timeouts.DEFAULT_HANDSHAKE_SECONDS + "s.")
    @Nullable Duration handshake;

    @Option(
            names = "--timeout-header",
            paramLabel = "TIME",
            description =
                    "For the head of a request to arrive. Default: "
                            + Timeouts.DEFAULT_HEADER_SECONDS
                            + "s.")
    @Nullable Duration header;

    @Option(
            names = "--timeout-body",
            paramLabel = "TIME",
            description =
                    "For the next piece of a body to arrive. Default: "
                            + Timeouts.DEFAULT_BODY_SECONDS
                            + "s.")
    @Nullable Duration body;

    @Option(
            names = "--timeout-write",
            paramLabel = "TIME",
            description =
                    "For a client to take more of a response. Default: "
                            + Timeouts.DEFAULT_WRITE_SECONDS
                            + "s.")
    @Nullable Duration write;

    @Option(
            names = {"--timeout-keep-alive", "--keep-alive"},
            paramLabel = "TIME",
            description =
                    "For the next request of a connection. Default: "
                            + Timeouts.DEFAULT_KEEP_ALIVE_SECONDS
                            + "s.")
    @Nullable Duration keepAlive;

    /// The time-outs.
    Timeouts timeouts() {
        return new Timeouts(
                Resolve.or(handshake, Timeouts.DEFAULT.handshake()),
                Resolve.or(header, Timeouts.DEFAULT.header()),
                Resolve.or(body, Timeouts.DEFAULT.body()),
                Resolve.or(write, Timeouts.DEFAULT.write()),
                Resolve.or(keepAlive, Timeouts.DEFAULT.keepAlive()));
    }
}
