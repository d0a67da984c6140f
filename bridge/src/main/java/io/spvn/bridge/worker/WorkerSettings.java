package io.spvn.bridge.worker;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/// All that the workers need to know, by topic. Each topic is a record that checks itself and has
/// its own defaults.
///
/// @param app what they run
/// @param python the Python that runs it
/// @param crew how many of which workers there are
/// @param queue how requests wait for them
/// @param stop how long their end may take
/// @param supervision when one of them is replaced though it is well
public record WorkerSettings(
        App app,
        PythonEnvironment python,
        Crew crew,
        Queue queue,
        Stop stop,
        Supervision supervision) {
    public WorkerSettings {
        supervision.requireFor(crew);
    }

    /// The app, and what it is told.
    ///
    /// @param ref where it is
    /// @param lifespan whether it is told about start-up and shutdown
    /// @param startupTimeout how long its start-up may take
    /// @param rootPath path under which it is mounted, empty for none
    /// @param argv what it sees as `sys.argv`
    /// @param logging how what it says is logged
    /// @param variables that its environment has beside those of the server
    public record App(
            AppRef ref,
            LifespanMode lifespan,
            Duration startupTimeout,
            String rootPath,
            List<String> argv,
            AppLogging logging,
            Map<String, String> variables) {
        public static final LifespanMode DEFAULT_LIFESPAN = LifespanMode.AUTO;
        public static final int DEFAULT_STARTUP_TIMEOUT_SECONDS = 60;

        /// One whose logging and environment are its own affair.
        public App(
                AppRef ref,
                LifespanMode lifespan,
                Duration startupTimeout,
                String rootPath,
                List<String> argv) {
            this(ref, lifespan, startupTimeout, rootPath, argv, AppLogging.DEFAULT, Map.of());
        }

        public App {
            argv = List.copyOf(argv);
            variables = Map.copyOf(variables);
            requirePositive("startupTimeout", startupTimeout);
            if (!rootPath.isEmpty() && (!rootPath.startsWith("/") || rootPath.endsWith("/"))) {
                throw new IllegalArgumentException(
                        "rootPath must start with a slash and not end with one: " + rootPath);
            }
        }
    }

    /// The workers at the start.
    ///
    /// @param size how many run side by side
    /// @param isolation what they run the app in
    /// @param loop which event loop runs the app
    /// @param hangTimeout how long an event loop may stay away before that is reported; zero: for
    ///   ever
    /// @param preload whether the app is imported once, for all workers, which are forked then
    public record Crew(
            int size, Isolation isolation, EventLoop loop, Duration hangTimeout, boolean preload) {
        public static final int DEFAULT_SIZE = 1;
        public static final Crew DEFAULT =
                new Crew(DEFAULT_SIZE, Isolation.AUTO, EventLoop.AUTO, Duration.ZERO, false);

        public Crew {
            if (size < 1) {
                throw new IllegalArgumentException("size must be at least 1, not " + size);
            }
            if (isolation == Isolation.MAIN && size > 1) {
                throw new IllegalArgumentException(
                        "the main interpreter is one worker, not " + size);
            }
            if (loop == EventLoop.UVLOOP && isolation == Isolation.SUBINTERPRETER) {
                throw new IllegalArgumentException("uvloop does not run in a sub-interpreter");
            }
            if (preload && isolation != Isolation.PROCESS) {
                throw new IllegalArgumentException("only processes can be forked");
            }
            if (hangTimeout.isNegative()) {
                throw new IllegalArgumentException(
                        "hangTimeout must not be negative, but is " + hangTimeout);
            }
        }

        /// The same workers in interpreters of that kind.
        public Crew in(Isolation kind) {
            return new Crew(size, kind, loop, hangTimeout, preload);
        }
    }

    /// How requests wait.
    ///
    /// @param size requests that may wait for one worker
    /// @param timeout how long a request may wait for a worker
    public record Queue(int size, Duration timeout) {
        public static final int DEFAULT_SIZE = 1024;
        public static final int DEFAULT_TIMEOUT_SECONDS = 5;
        public static final Queue DEFAULT =
                new Queue(DEFAULT_SIZE, Duration.ofSeconds(DEFAULT_TIMEOUT_SECONDS));

        public Queue {
            if (size < 1) {
                throw new IllegalArgumentException("size must be at least 1, not " + size);
            }
            requirePositive("timeout", timeout);
        }

        /// Requests that may wait in all.
        int capacity(int workers) {
            return (int) Math.min(Integer.MAX_VALUE, (long) size * workers);
        }
    }

    /// How long the end takes.
    ///
    /// @param gracefulTimeout until everything has ended
    /// @param streamGrace how long open streams may go on when the server stops
    public record Stop(Duration gracefulTimeout, Duration streamGrace) {
        public static final int DEFAULT_GRACEFUL_TIMEOUT_SECONDS = 30;
        public static final int DEFAULT_STREAM_GRACE_SECONDS = 1;
        public static final Stop DEFAULT =
                new Stop(
                        Duration.ofSeconds(DEFAULT_GRACEFUL_TIMEOUT_SECONDS),
                        Duration.ofSeconds(DEFAULT_STREAM_GRACE_SECONDS));

        public Stop {
            requirePositive("gracefulTimeout", gracefulTimeout);
            requirePositive("streamGrace", streamGrace);
        }
    }

    /// When a worker that runs is replaced by another. Workers that end by themselves are replaced
    /// whatever this says, where they can be.
    ///
    /// @param maxRequests requests that a worker takes before it is replaced; 0: any number
    /// @param maxRequestsJitter at most so many more, by chance, so that not all go at once
    /// @param lifetime how long a worker serves at most; zero: for ever
    /// @param maxRss bytes of memory of its process above which it is replaced; 0: any number
    /// @param hangAction what is done about one that hangs
    public record Supervision(
            int maxRequests,
            int maxRequestsJitter,
            Duration lifetime,
            long maxRss,
            HangAction hangAction) {
        public static final Supervision DEFAULT =
                new Supervision(0, 0, Duration.ZERO, 0, HangAction.REPORT);

        public Supervision {
            requireNotNegative("maxRequests", maxRequests);
            requireNotNegative("maxRequestsJitter", maxRequestsJitter);
            requireNotNegative("lifetime", lifetime.toNanos());
            requireNotNegative("maxRss", maxRss);
            if (maxRequestsJitter > 0 && maxRequests == 0) {
                throw new IllegalArgumentException(
                        "maxRequestsJitter says nothing without maxRequests");
            }
        }

        /// Whether the workers must be of a kind that can be replaced.
        public boolean demandsReplaceable() {
            return maxRequests > 0
                    || !lifetime.isZero()
                    || maxRss > 0
                    || hangAction == HangAction.RESTART;
        }

        private void requireFor(Crew crew) {
            Isolation kind = crew.isolation();
            if (demandsReplaceable() && kind != Isolation.AUTO && !kind.replaceable()) {
                throw new IllegalArgumentException(
                        "workers of kind " + kind.label() + " cannot be replaced");
            }
            if (hangAction == HangAction.RESTART && crew.hangTimeout().isZero()) {
                throw new IllegalArgumentException("hangAction says nothing without hangTimeout");
            }
        }

        private static void requireNotNegative(String name, long value) {
            if (value < 0) {
                throw new IllegalArgumentException(name + " must not be negative, but is " + value);
            }
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(name + " must be more than zero, not " + value);
        }
    }
}
