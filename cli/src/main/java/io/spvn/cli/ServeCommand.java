package io.spvn.cli;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.server.Bind;
import io.spvn.server.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `spvn serve` and its options as they were written; null where one was not given.
@Command(
        name = "serve",
        description = "Serves an app until SIGTERM or SIGINT.",
        customSynopsis = "spvn serve [OPTION]... TARGET",
        parameterListHeading = "%n",
        footer = {
            "",
            "A duration is 5, 5s, 100ms or 1m.",
            "An option counts before its environment variable, that before the default.",
            "",
            "Exit codes: 0 stopped, 2 wrong options, 3 the app cannot be started, 4 an address",
            "cannot be bound or something is missing, 1 anything else."
        })
final class ServeCommand implements SpvnCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "TARGET",
            description = {
                "The app: package.module:attribute",
                "or path/file.py:attribute. Default attribute: app."
            })
    @Nullable String target;

    @Mixin final App app = new App();
    @Mixin final Addresses addresses = new Addresses();
    @Mixin final Workers workers = new Workers();
    @Mixin final Limits limits = new Limits();
    @Mixin final Admin admin = new Admin();
    @Mixin final Daemon daemon = new Daemon();
    @Mixin final LogOptions log = new LogOptions();
    @Mixin final HelpOptions help = new HelpOptions();

    @Override
    public LogOptions log() {
        return log;
    }

    static final class App {
        @Option(
                names = "--target",
                paramLabel = "TARGET",
                description = "The same as the argument TARGET.")
        @Nullable String target;

        @Option(
                names = "--app-dir",
                paramLabel = "DIR",
                description = {
                    "Where modules are looked for first.",
                    "Default: the current directory."
                })
        @Nullable Path appDir;

        @Option(
                names = "--interface",
                paramLabel = "KIND",
                description = "auto, asgi3, asgi2 or wsgi. Default: auto.")
        @Nullable AppInterface appInterface;

        @Option(names = "--factory", description = "TARGET is a function that makes the app.")
        boolean factory;

        @Option(
                names = "--root-path",
                paramLabel = "PATH",
                description = "Where a proxy has mounted the app. Default: none.")
        @Nullable String rootPath;

        @Option(
                names = {"-l", "--lifespan"},
                arity = "0..1",
                paramLabel = "MODE",
                preprocessor = BareLifespan.class,
                description = {
                    "Tell the app about start-up and shutdown: auto, on",
                    "or off. Bare -l means on. Default: auto."
                })
        @Nullable LifespanMode lifespan;

        @Option(
                names = "--startup-timeout",
                paramLabel = "TIME",
                description =
                        "For the app's start-up. Default: "
                                + ServerConfig.DEFAULT_STARTUP_TIMEOUT_SECONDS
                                + "s.")
        @Nullable Duration startupTimeout;
    }

    static final class Addresses {
        @Option(
                names = "--bind",
                paramLabel = "ADDRESS",
                description = {
                    "IP:PORT, [IPv6]:PORT or unix:/path; may be repeated.",
                    "Port 0 is any free one.",
                    "Environment: SPVN_BIND, with commas.",
                    "Default: " + ServerConfig.DEFAULT_HOST + ":" + ServerConfig.DEFAULT_PORT + "."
                })
        List<Bind> bind = new ArrayList<>();

        @Option(
                names = "--host",
                paramLabel = "IP",
                description = "With --port: another way to write --bind.")
        @Nullable String host;

        @Option(
                names = "--port",
                paramLabel = "PORT",
                description = "With --host: another way to write --bind.")
        @Nullable Integer port;

        @Option(
                names = "--uds",
                paramLabel = "PATH",
                description = "Another way to write --bind unix:PATH.")
        @Nullable Path uds;

        @Option(
                names = "--uds-permissions",
                paramLabel = "MODE",
                description = {
                    "Octal; who may connect to Unix sockets is who may",
                    "write. Default: 666, less --umask."
                })
        @Nullable String udsPermissions;

        @Option(names = "--dual-stack", description = "IPv6 addresses take clients of IPv4, too.")
        boolean dualStack;

        @Option(
                names = "--backlog",
                paramLabel = "N",
                description = {
                    "Connections that may wait to be",
                    "accepted. Default: " + ServerConfig.DEFAULT_BACKLOG + "."
                })
        @Nullable Integer backlog;
    }

    static final class Workers {
        @Option(
                names = {"--workers", "--n-threads"},
                paramLabel = "N",
                description = {
                    "Workers that run the app in parallel.",
                    "Environment: SPVN_N_THREADS. Default: " + ServerConfig.DEFAULT_WORKERS + "."
                })
        @Nullable Integer workers;

        @Option(names = "--cpu", description = "As many workers as there are CPUs.")
        boolean cpu;

        @Option(
                names = "--isolation",
                paramLabel = "KIND",
                description = {
                    "Interpreters that the workers run in:",
                    "  main            the main one, for one worker",
                    "  subinterpreter  each its own, Python 3.13 or newer",
                    "  auto            main for one worker, else subinterpreter",
                    "Environment: SPVN_ISOLATION. Default: auto."
                })
        @Nullable Isolation isolation;

        @Option(
                names = "--loop",
                paramLabel = "KIND",
                description = {
                    "Event loop that the app runs on:",
                    "  asyncio  Python's own",
                    "  uvloop   the app's environment must have it;",
                    "           not in a subinterpreter",
                    "  auto     uvloop where it can be had, else asyncio",
                    "Environment: SPVN_LOOP. Default: auto."
                })
        @Nullable EventLoop loop;

        @Option(
                names = "--worker-hang-timeout",
                paramLabel = "TIME",
                description = {
                    "Report a worker whose event loop is blocked for longer,",
                    "with the Python stack that blocks it. Default: off."
                })
        @Nullable Duration hangTimeout;
    }

    static final class Limits {
        @Option(
                names = "--queue-size",
                paramLabel = "N",
                description =
                        "Requests that may wait for one worker. Default: "
                                + ServerConfig.DEFAULT_QUEUE_SIZE
                                + ".")
        @Nullable Integer queueSize;

        @Option(
                names = "--queue-timeout",
                paramLabel = "TIME",
                description =
                        "For a request to wait for a worker. Default: "
                                + ServerConfig.DEFAULT_QUEUE_TIMEOUT_SECONDS
                                + "s.")
        @Nullable Duration queueTimeout;

        @Option(
                names = "--limit-connections",
                paramLabel = "N",
                description = {
                    "Open connections.",
                    "Default: what memory and file descriptors allow."
                })
        @Nullable Integer limitConnections;

        @Option(
                names = "--limit-body",
                paramLabel = "SIZE",
                description = {
                    "Bytes of a request's body: 1000000, 512K, 10M or 1G.",
                    "Default: any number."
                })
        @Nullable Long limitBody;

        @Option(
                names = "--timeout-header",
                paramLabel = "TIME",
                description =
                        "For the head of a request to arrive. Default: "
                                + ServerConfig.DEFAULT_TIMEOUT_HEADER_SECONDS
                                + "s.")
        @Nullable Duration timeoutHeader;

        @Option(
                names = "--timeout-body",
                paramLabel = "TIME",
                description =
                        "For the next piece of a body to arrive. Default: "
                                + ServerConfig.DEFAULT_TIMEOUT_BODY_SECONDS
                                + "s.")
        @Nullable Duration timeoutBody;

        @Option(
                names = "--timeout-write",
                paramLabel = "TIME",
                description =
                        "For a client to take more of a response. Default: "
                                + ServerConfig.DEFAULT_TIMEOUT_WRITE_SECONDS
                                + "s.")
        @Nullable Duration timeoutWrite;

        @Option(
                names = "--timeout-keep-alive",
                paramLabel = "TIME",
                description =
                        "For the next request of a connection. Default: "
                                + ServerConfig.DEFAULT_TIMEOUT_KEEP_ALIVE_SECONDS
                                + "s.")
        @Nullable Duration timeoutKeepAlive;

        @Option(
                names = "--graceful-timeout",
                paramLabel = "TIME",
                description =
                        "For everything to end after SIGTERM. Default: "
                                + ServerConfig.DEFAULT_GRACEFUL_TIMEOUT_SECONDS
                                + "s.")
        @Nullable Duration gracefulTimeout;

        @Option(
                names = "--stream-grace",
                paramLabel = "TIME",
                description = {
                    "For open streams to end after SIGTERM before their app",
                    "is told that the client has gone.",
                    "Environment: SPVN_STREAM_GRACE. Default: "
                            + ServerConfig.DEFAULT_STREAM_GRACE_SECONDS
                            + "s."
                })
        @Nullable Duration streamGrace;
    }

    static final class Admin {
        @Option(
                names = "--admin-bind",
                paramLabel = "IP:PORT",
                description = {
                    "Serve /metrics, /health/live and /health/ready there.",
                    "Environment: SPVN_ADMIN_BIND. Default: off."
                })
        @Nullable Bind bind;
    }

    static final class Daemon {
        @Option(
                names = "--user",
                paramLabel = "USER",
                description = {
                    "Run as this user once the addresses are bound.",
                    "Environment: SPVN_USER."
                })
        @Nullable String user;

        @Option(
                names = "--group",
                paramLabel = "GROUP",
                description = "Run as this group. Default: the main one of --user.")
        @Nullable String group;

        @Option(
                names = "--umask",
                paramLabel = "MASK",
                description = "Octal; for Unix sockets and the app's files.")
        @Nullable String umask;

        @Option(
                names = "--proc-dir",
                paramLabel = "DIR",
                description = {
                    "Made if missing; holds spvn.pid while the server runs.",
                    "Environment: PROC_DIR."
                })
        @Nullable Path procDir;
    }
}
