package io.spvn.cli;

import io.spvn.bridge.worker.WorkerSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How requests wait for a worker.
final class QueueOptions {
    @Option(
            names = "--queue-size",
            paramLabel = "N",
            description =
                    "Requests that may wait for one worker. Default: "
                            + WorkerSettings.DEFAULT_QUEUE_SIZE
                            + ".")
    @Nullable Integer size;

    @Option(
            names = "--queue-timeout",
            paramLabel = "TIME",
            description =
                    "For a request to wait for a worker. Default: "
                            + WorkerSettings.DEFAULT_QUEUE_TIMEOUT_SECONDS
                            + "s.")
    @Nullable Duration timeout;
}
