package io.spvn.cli;

import io.spvn.bridge.worker.WorkerSettings.Queue;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How requests wait for a worker.
final class QueueOptions {
    @Option(
            names = "--queue-size",
            paramLabel = "N",
            description =
                    "Requests that may wait for one worker. Default: " + Queue.DEFAULT_SIZE + ".")
    @Nullable Integer size;

    @Option(
            names = "--queue-timeout",
            paramLabel = "TIME",
            description =
                    "For a request to wait for a worker. Default: "
                            + Queue.DEFAULT_TIMEOUT_SECONDS
                            + "s.")
    @Nullable Duration timeout;

    /// The queue.
    Queue queue() {
        return new Queue(
                Resolve.atLeast("--queue-size", 1, size, Queue.DEFAULT_SIZE),
                Resolve.or(timeout, Queue.DEFAULT.timeout()));
    }
}
