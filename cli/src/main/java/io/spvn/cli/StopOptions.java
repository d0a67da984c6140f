package io.spvn.cli;

import io.spvn.bridge.worker.WorkerSettings.Stop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How long a stop may take.
final class StopOptions {
    @Option(
            names = {"--graceful-timeout", "--timeout-graceful-shutdown", "--workers-kill-timeout"},
            paramLabel = "TIME",
            description =
                    "For everything to end after SIGTERM. Default: "
                            + Stop.DEFAULT_GRACEFUL_TIMEOUT_SECONDS
                            + "s.")
    @Nullable Duration gracefulTimeout;

    @Option(
            names = "--stream-grace",
            paramLabel = "TIME",
            description = {
                "For open streams to end after SIGTERM before their app",
                "is told that the client has gone.",
                "Default: " + Stop.DEFAULT_STREAM_GRACE_SECONDS + "s.",
                "With --watch: 100ms."
            })
    @Nullable Duration streamGrace;

    /// The times.
    ///
    /// @param defaultGrace of streams
    Stop stop(Duration defaultGrace) {
        return new Stop(
                Resolve.or(gracefulTimeout, Stop.DEFAULT.gracefulTimeout()),
                Resolve.or(streamGrace, defaultGrace));
    }
}
