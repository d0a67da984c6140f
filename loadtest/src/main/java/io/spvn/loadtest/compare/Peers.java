package io.spvn.loadtest.compare;

import java.util.List;
import java.util.stream.Stream;

/// The table of servers, each with the best settings that its documentation names.
///
/// All run on uvloop where they can, write no access log, let as many connections wait as the
/// kernel allows, and keep idle connections for 75 s, as spvn does by itself: a server that closes
/// them earlier would be blamed for requests that were just on their way.
final class Peers {
    private static final String BACKLOG = "16384";
    private static final String KEEP_ALIVE = "75";

    static final List<Peer> ALL =
            List.of(
                    new Peer("spvn", "", Peers::spvn, null),
                    new Peer("granian", "granian", Peers::granian, null),
                    new Peer("uvicorn", "uvicorn", Peers::uvicorn, null),
                    new Peer("hypercorn", "hypercorn", Peers::hypercorn, null),
                    new Peer("fastpysgi", "fastpysgi", Peers::fastpysgi, null),
                    new Peer("daphne", "daphne", Peers::daphne, "daphne has a single process"),
                    new Peer("gunicorn", "gunicorn", Peers::gunicorn, null));

    private Peers() {}

    static List<Peer> named(List<String> names) {
        return names.stream().flatMap(Peers::named).toList();
    }

    private static Stream<Peer> named(String name) {
        return ALL.stream().filter(peer -> peer.name().equals(name));
    }

    private static List<String> spvn(Launch launch) {
        return List.of(
                launch.launcher(),
                "serve",
                "--app-dir",
                launch.apps(),
                "--port",
                launch.port(),
                "--workers",
                workers(launch),
                launch.target());
    }

    /// As in the folder `benchmarks` of its repository. The limit of connections that it calls
    /// back-pressure must exceed those that are kept alive (README, "Backpressure"); it follows
    /// from the backlog divided by the workers.
    private static List<String> granian(Launch launch) {
        return List.of(
                launch.program().apply("granian"),
                "--interface",
                "asgi",
                "--http",
                "1",
                "--no-ws",
                "--loop",
                "uvloop",
                "--log-level",
                "warning",
                "--backlog",
                BACKLOG,
                "--backpressure",
                BACKLOG,
                "--port",
                launch.port(),
                "--workers",
                workers(launch),
                launch.target());
    }

    /// uvloop and httptools, as its page on installation recommends.
    private static List<String> uvicorn(Launch launch) {
        return List.of(
                launch.program().apply("uvicorn"),
                "--loop",
                "uvloop",
                "--http",
                "httptools",
                "--interface",
                "asgi3",
                "--no-access-log",
                "--log-level",
                "warning",
                "--backlog",
                BACKLOG,
                "--timeout-keep-alive",
                KEEP_ALIVE,
                "--port",
                launch.port(),
                "--workers",
                workers(launch),
                launch.target());
    }

    private static List<String> hypercorn(Launch launch) {
        return List.of(
                launch.program().apply("hypercorn"),
                "--worker-class",
                "uvloop",
                "--log-level",
                "warning",
                "--backlog",
                BACKLOG,
                "--keep-alive",
                KEEP_ALIVE,
                "--bind",
                "127.0.0.1:" + launch.port(),
                "--workers",
                workers(launch),
                launch.target());
    }

    private static List<String> fastpysgi(Launch launch) {
        return List.of(
                launch.program().apply("python"),
                launch.apps() + "/serve_fastpysgi.py",
                launch.apps(),
                launch.port(),
                workers(launch),
                launch.target());
    }

    /// Twisted on asyncio's own loop, which it makes itself. Twisted lets 50 connections wait
    /// unless the description of the endpoint says more.
    private static List<String> daphne(Launch launch) {
        return List.of(
                launch.program().apply("daphne"),
                "--verbosity",
                "0",
                "--endpoint",
                "tcp:port=%s:interface=127.0.0.1:backlog=%s".formatted(launch.port(), BACKLOG),
                launch.target());
    }

    /// Its own ASGI worker with uvloop and the parser in C, as its page "ASGI Worker" recommends;
    /// `uvicorn_worker` would be uvicorn once more.
    private static List<String> gunicorn(Launch launch) {
        return List.of(
                launch.program().apply("gunicorn"),
                "--worker-class",
                "asgi",
                "--asgi-loop",
                "uvloop",
                "--http-parser",
                "fast",
                "--no-control-socket",
                "--log-level",
                "warning",
                "--worker-connections",
                BACKLOG,
                "--backlog",
                BACKLOG,
                "--keep-alive",
                KEEP_ALIVE,
                "--bind",
                "127.0.0.1:" + launch.port(),
                "--workers",
                workers(launch),
                launch.target());
    }

    private static String workers(Launch launch) {
        return Integer.toString(launch.workers());
    }
}
