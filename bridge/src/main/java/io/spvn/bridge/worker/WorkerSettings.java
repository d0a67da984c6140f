package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.List;

/// All that the workers need to know.
///
/// @param app the app
/// @param python the Python that runs it
/// @param workers how many run side by side
/// @param isolation which interpreters they get
/// @param loop which event loop runs the app
/// @param lifespan whether the app is told about start-up and shutdown
/// @param startupTimeout how long start-up may take
/// @param gracefulTimeout how long the shutdown may take
/// @param streamGrace how long open streams may go on when the server stops
/// @param rootPath path under which the app is mounted, empty for none
/// @param argv what the app sees as `sys.argv`
/// @param queueSize requests that may wait for one worker
/// @param queueTimeout how long a request may wait for a worker
/// @param hangTimeout how long an event loop may stay away before that is reported; zero: for ever
public record WorkerSettings(
        AppRef app,
        PythonEnvironment python,
        int workers,
        Isolation isolation,
        EventLoop loop,
        LifespanMode lifespan,
        Duration startupTimeout,
        Duration gracefulTimeout,
        Duration streamGrace,
        String rootPath,
        List<String> argv,
        int queueSize,
        Duration queueTimeout,
        Duration hangTimeout) {
    public static final int DEFAULT_WORKERS = 1;
    public static final int DEFAULT_QUEUE_SIZE = 1024;
    public static final int DEFAULT_QUEUE_TIMEOUT_SECONDS = 5;
    public static final int DEFAULT_STARTUP_TIMEOUT_SECONDS = 60;
    public static final int DEFAULT_GRACEFUL_TIMEOUT_SECONDS = 30;
    public static final int DEFAULT_STREAM_GRACE_SECONDS = 1;

    public WorkerSettings {
        argv = List.copyOf(argv);
        if (workers < 1) {
            throw new IllegalArgumentException("workers must be at least 1, not " + workers);
        }
        if (isolation == Isolation.MAIN && workers > 1) {
            throw new IllegalArgumentException(
                    "the main interpreter is one worker, not " + workers);
        }
        if (loop == EventLoop.UVLOOP && (isolation == Isolation.SUBINTERPRETER || workers > 1)) {
            throw new IllegalArgumentException("uvloop runs in the main interpreter only");
        }
        if (queueSize < 1) {
            throw new IllegalArgumentException("queueSize must be at least 1, not " + queueSize);
        }
        if (!rootPath.isEmpty() && (!rootPath.startsWith("/") || rootPath.endsWith("/"))) {
            throw new IllegalArgumentException(
                    "rootPath must start with a slash and not end with one: " + rootPath);
        }
        requirePositive("startupTimeout", startupTimeout);
        requirePositive("gracefulTimeout", gracefulTimeout);
        requirePositive("streamGrace", streamGrace);
        requirePositive("queueTimeout", queueTimeout);
        if (hangTimeout.isNegative()) {
            throw new IllegalArgumentException(
                    "hangTimeout must not be negative, but is " + hangTimeout);
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be more than zero, not " + value);
        }
    }
}
