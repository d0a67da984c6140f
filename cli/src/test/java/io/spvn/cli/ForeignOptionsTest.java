package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.HangAction;
import io.spvn.server.ServerConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Options of uvicorn, gunicorn and granian.
final class ForeignOptionsTest {
    private static ServerConfig config(String args) {
        return Invocation.of(("serve " + args).split(" ", -1)).config();
    }

    private static Invocation check(String args) {
        return Invocation.of(("serve m --check-config " + args).split(" ", -1));
    }

    /// In the report of what is set, the value of an option.
    private static String value(String report, String key) {
        return report.lines()
                .map(line -> line.strip().split(" +", 3))
                .filter(cells -> cells[0].equals(key))
                .map(cells -> cells[1])
                .findFirst()
                .orElse("");
    }

    @ParameterizedTest
    @CsvSource({
        "-w 4,                             workers, 4",
        "-w4,                              workers, 4",
        "-w,                               watch, true",
        "-b 1.1.1.1:1,                     bind, 1.1.1.1:1",
        "--timeout 30,                     worker-hang-timeout, 30",
        "-t 30,                            worker-hang-action, restart",
        "--timeout 0,                      worker-hang-action, report",
        "--keep-alive 5,                   timeout-keep-alive, 5",
        "--graceful-timeout 30,            graceful-timeout, 30",
        "--timeout-graceful-shutdown 10,   graceful-timeout, 10",
        "--workers-kill-timeout 10,        graceful-timeout, 10",
        "--limit-concurrency 100,          limit-connections, 100",
        "--limit-max-requests 1000,        max-requests, 1000",
        "--http1-header-read-timeout 5000, timeout-header, 5000ms",
        "--workers-max-rss 200,            worker-max-rss, 200M",
        "--workers-lifetime 3600,          worker-lifetime, 3600",
        "--no-reload,                      watch, false",
        "-w --reload-ignore-dirs logs,        watch-exclude, logs/",
        "--no-factory,                     factory, false",
        "--no-log,                         log-level, error",
        "--debug,                          log-level, debug",
        "--print-config,                   workers, 1",
        "--read-timeout 7,                 timeout-body, 7",
        "--ws,                             ws, auto",
        "--http httptools,                 http, httptools",
        "--http 2,                         http, 2",
        "--http2,                          http, auto",
        "--proxy-protocol,                 proxy-protocol, auto",
        "--proxy-protocol v2,              proxy-protocol, v2",
        "--proxy-protocol=off,             proxy-protocol, off",
        "--no-server-header,               server-header, false",
        "--ssl-self-signed --no-ssl-client-verify,           ssl-client-auth, none",
        "--metrics,                        admin-bind, 127.0.0.1:9090",
        "--url-path-prefix /api,           root-path, /api",
        "--log-level critical,             log-level, critical",
        "--log-level warn,                 log-level, warn"
    })
    void meansTheSame(String args, String key, String value) {
        Invocation invocation = check(args);
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertEquals(value, value(invocation.out(), key), invocation.out());
    }

    @Test
    void gunicorn_timeout_restartsWhatHangs() {
        ServerConfig config = config("m -t 30");
        assertEquals(Duration.ofSeconds(30), config.worker().crew().hangTimeout());
        assertEquals(HangAction.RESTART, config.worker().supervision().hangAction());
    }

    @Test
    void granian_interface() {
        assertEquals(
                AppInterface.ASGI3,
                config("--interface asgi m").worker().app().ref().appInterface());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--http h11",
                "--h11-max-incomplete-event-size 65536",
                "-k uvicorn.workers.UvicornWorker",
                "--worker-class=uvicorn_worker.UvicornWorker",
                "--worker-tmp-dir /dev/shm",
                "--threads 4",
                "--runtime-threads 2",
                "--blocking-threads 1",
                "--task-impl asyncio",
                "--timeout-worker-healthcheck 5",
                "--reset-contextvars",
                "--ws",
                "--proxy-protocol",
                "-R",
                "--log",
                "--header-map dangerous",
                "--http-protocols h1",
                "--permit-unconventional-http-method",
                "--no-http1-keep-alive"
            })
    void whatHasNoMeaning_isAccepted(String args) {
        assertEquals("m", config(args + " m").worker().app().ref().target());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--http 3         | --http: '3' is not one of auto, 1, 2",
                "--header-map drop | --header-map: 'drop' is not one of dangerous: names with an underscore reach ASGI apps and no WSGI apps; have the proxy in front drop them",
                "--strip-header-spaces | --strip-header-spaces: a space before the colon lets requests be smuggled; have the client send none",
                "--permit-obsolete-folding | --permit-obsolete-folding: folded header lines are refused; have the client send each header in a line",
                "--casefold-http-method | --casefold-http-method: methods reach the app as they are sent; have the client send capitals",
                "--statsd-host a:1 | --statsd-host: metrics are not sent; write --admin-bind IP:PORT, which has them at /metrics for Prometheus",
                "-D               | -D/--daemon: spvn stays in the foreground; a service manager such as systemd starts it",
                "--pid a          | -p/--pid/--pid-file: write --proc-dir DIR, which holds spvn.pid",
                "--interface rsgi | --interface: 'rsgi' is not one of auto, asgi3, asgi2, wsgi",
                "--interface asginl | --interface: 'asginl' is --interface asgi --lifespan off here",
                "--reload-includ a | unknown option --reload-includ, did you mean --reload-include (--watch-include)?",
                "--limit-concurency 1 | unknown option --limit-concurency, did you mean --limit-concurrency (--limit-connections)?",
                "--limit-concurrency x | --limit-concurrency (--limit-connections): 'x' is not a whole number",
                "--header a       | --header: 'a' is not NAME:VALUE",
                "--header content-length:1 | --header: content-length says how long a response is; that is the server's to say",
                "--env 1=2        | --env: must be NAME=VALUE, with a name of a variable",
                "--env-file /none | --env-file: cannot read /none: no such file"
            })
    void refused(String args, String message) {
        Invocation invocation = check(args);
        assertEquals(2, invocation.exitCode());
        assertEquals(
                "spvn: " + message, invocation.err().strip().replace(" (see 'spvn serve -h')", ""));
    }

    /// Also what is read as an option of ours, where that is not quite the same.
    @ParameterizedTest
    @CsvSource({
        "--chdir .,      modules are looked for there; the working directory stays",
        "--chdir=.,      modules are looked for there; the working directory stays",
        "-R,             what the app writes is in the log anyway"
    })
    void note_isLogged(String args, String note) {
        List<String> said = LogRecords.of(ForeignOptions.class, () -> config("m " + args));
        assertTrue(said.stream().anyMatch(line -> line.endsWith(": " + note)), said.toString());
    }

    @Test
    void note_isLoggedForNothingElse() {
        assertEquals(
                List.of(), LogRecords.of(ForeignOptions.class, () -> config("m --debug -w 4")));
    }

    @Test
    void table_saysOfEachWhatItDoes() {
        List<ForeignOption> all = ForeignOption.all();
        assertTrue(all.size() > 40, "" + all.size());
        all.forEach(
                option ->
                        assertTrue(
                                !option.note().isEmpty() || !option.becomes().isEmpty(),
                                option.names().getFirst()));
    }
}
