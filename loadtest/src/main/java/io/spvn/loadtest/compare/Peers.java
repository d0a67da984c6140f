package io.spvn.loadtest.compare;

import java.util.List;
import java.util.stream.Stream;

/// The table of servers, each with the best settings that its documentation names.
///
/// All run on uvloop where they can, write no access log, let as many connections wait as the
/// kernel allows, and keep idle connections for 75 s, as spvn does by itself: a server that closes
/// them earlier would be blamed for requests that were just on their way.
final class Peers {
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
        return launch.command(
                launch.launcher(),
                "serve --app-dir {apps} --port {port} --workers {workers} {target}");
    }

    /// As in the folder `benchmarks` of its repository. The limit of connections that it calls
    /// back-pressure must exceed those that are kept alive (README, "Backpressure"); it follows
    /// from the backlog divided by the workers.
    private static List<String> granian(Launch launch) {
        return launch.rival(
                "granian",
                "--interface asgi --http 1 --no-ws --loop uvloop --log-level warning"
                        + " --backlog 16384 --backpressure 16384"
                        + " --port {port} --workers {workers} {target}");
    }

    /// uvloop and httptools, as its page on installation recommends.
    private static List<String> uvicorn(Launch launch) {
        return launch.rival(
                "uvicorn",
                "--loop uvloop --http httptools --interface asgi3 --no-access-log"
                        + " --log-level warning --backlog 16384 --timeout-keep-alive 75"
                        + " --port {port} --workers {workers} {target}");
    }

    private static List<String> hypercorn(Launch launch) {
        return launch.rival(
                "hypercorn",
                "--worker-class uvloop --log-level warning --backlog 16384 --keep-alive 75"
                        + " --bind 127.0.0.1:{port} --workers {workers} {target}");
    }

    private static List<String> fastpysgi(Launch launch) {
        return launch.rival("python", "{apps}/serve_fastpysgi.py {apps} {port} {workers} {target}");
    }

    /// Twisted on asyncio's own loop, which it makes itself. Twisted lets 50 connections wait
    /// unless the description of the endpoint says more.
    private static List<String> daphne(Launch launch) {
        return launch.rival(
                "daphne",
                "--verbosity 0 --endpoint tcp:port={port}:interface=127.0.0.1:backlog=16384"
                        + " {target}");
    }

    /// Its own ASGI worker with uvloop and the parser in C, as its page "ASGI Worker" recommends;
    /// `uvicorn_worker` would be uvicorn once more.
    private static List<String> gunicorn(Launch launch) {
        return launch.rival(
                "gunicorn",
                "--worker-class asgi --asgi-loop uvloop --http-parser fast --no-control-socket"
                        + " --log-level warning --worker-connections 16384 --backlog 16384"
                        + " --keep-alive 75 --bind 127.0.0.1:{port} --workers {workers} {target}");
    }
}
