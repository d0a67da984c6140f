package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.process.StartFailure;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is wrong is said in one line, and the exit code says whose fault it is.
final class BadInputTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                       | no command: write 'spvn serve module:attribute', or see 'spvn -h'",
                "m:app                    | unexpected argument m:app, did you mean 'spvn serve m:app'? (see 'spvn -h')",
                "src/app.py               | unexpected argument src/app.py, did you mean 'spvn serve src/app.py'? (see 'spvn -h')",
                "--port 80 m:app          | unknown option --port, did you mean 'spvn serve --port'? (see 'spvn -h')",
                "serv m:app               | unexpected argument serv, did you mean serve? (see 'spvn -h')",
                "main                     | unexpected argument main (see 'spvn -h')",
                "serve m --prot 80        | unknown option --prot, did you mean --port? (see 'spvn serve -h')",
                "serve m --bnid=1:80      | unknown option --bnid=1:80, did you mean --bind? (see 'spvn serve -h')",
                "serve m --zzz            | unknown option --zzz (see 'spvn serve -h')",
                "--foo                    | unknown option --foo (see 'spvn -h')",
                "serve                    | no app: write 'spvn serve module:attribute'",
                "serve m n                | unexpected argument n (see 'spvn serve -h')",
                "serve m --target n       | TARGET and --target: use one or the other",
                "serve m --foo            | unknown option --foo (see 'spvn serve -h')",
                "serve m --worker 3       | unknown option --worker, did you mean --workers? (see 'spvn serve -h')",
                "serve m --watch --isolation main | --watch: a reload is a new process, so use --isolation auto or process, not main",
                "serve m --reload --isolation subinterpreter | --watch: a reload is a new process, so use --isolation auto or process, not subinterpreter",
                "serve m --watch --preload | --watch and --preload: use one or the other, since each reload imports the app anew",
                "serve m --watch-include *.html | --watch-include: says nothing without --watch",
                "serve m --reload-exclude *.html | --watch-exclude: says nothing without --watch",
                "serve m --watch-dir .    | --watch-dir: says nothing without --watch",
                "serve m -w --watch-dir /nowhere/at/all | --watch-dir: there is no directory /nowhere/at/all",
                "serve m -w --watch-include [ | --watch-include: '[' is not a pattern such as *.html",
                "serve m -w --watch-exclude / | --watch-exclude: '/' is not a pattern such as *.html",
                "serve m --ws trio        | --ws: 'trio' is not one of auto, none, websockets, websockets-sansio, wsproto (see 'spvn serve -h')",
                "serve m --ws-max-size 0  | --ws-max-size: must be more than zero (see 'spvn serve -h')",
                "serve m --ws-max-size 2G | --ws-max-size: must be 1 to 1073741824 bytes, not 2147483648",
                "serve m --ws-max-queue 0 | --ws-max-queue: must be at least 1, not 0",
                "serve m --ws-ping-interval soon | --ws-ping-interval: 'soon' is not a duration such as 5, 5s, 100ms or 1m",
                "serve m --ws-ping-timeout -1 | --ws-ping-timeout: '-1' is not a duration such as 5, 5s, 100ms or 1m",
                "serve m --ws-per-message-deflate maybe | --ws-per-message-deflate: 'maybe' is not a boolean (see 'spvn serve -h')",
                "serve m --backlog        | missing required parameter for option '--backlog' (N) (see 'spvn serve -h')",
                "serve m --backlog x      | --backlog: 'x' is not a whole number (see 'spvn serve -h')",
                "serve m --backlog 0      | --backlog: must be at least 1, not 0",
                "serve m --backlog 99999999999 | --backlog: '99999999999' is not a whole number (see 'spvn serve -h')",
                "serve m --workers 0      | --workers: must be at least 1, not 0",
                "serve m --workers -2     | --workers: must be at least 1, not -2",
                "serve m --workers 1.5    | --workers: '1.5' is not a whole number (see 'spvn serve -h')",
                "serve m --workers 2 --cpu | --workers and --cpu: use one or the other",
                "serve m --workers 2 --isolation main | --isolation main: there is one main interpreter, so use --isolation process for 2 workers",
                "serve m --cpu --isolation main | --isolation main: there is one main interpreter, so use --isolation process for 3 workers",
                "serve m --loop trio | --loop: 'trio' is not one of auto, asyncio, uvloop (see 'spvn serve -h')",
                "serve m --preload --isolation main | --preload: only processes can be forked, so use --isolation process, not main",
                "serve m --loop uvloop --isolation subinterpreter | --loop uvloop: uvloop does not support sub-interpreters, so use --isolation process, or --loop asyncio",
                "serve m --isolation thread | --isolation: 'thread' is not one of auto, subinterpreter, main, process (see 'spvn serve -h')",
                "serve m --max-requests 0 | --max-requests: must be at least 1, not 0",
                "serve m --max-requests 9 --max-requests-jitter -1 | --max-requests-jitter: must be at least 0, not -1",
                "serve m --max-requests-jitter 5 | --max-requests-jitter: add --max-requests",
                "serve m --max-requests 9 --isolation main | --max-requests: a worker of --isolation main cannot be replaced; use --isolation process",
                "serve m --worker-lifetime 1h --isolation subinterpreter | --worker-lifetime: a worker of --isolation subinterpreter cannot be replaced; use --isolation process",
                "serve m --worker-max-rss 1G --isolation main | --worker-max-rss: a worker of --isolation main cannot be replaced; use --isolation process",
                "serve m --worker-max-rss 0 | --worker-max-rss: must be more than zero (see 'spvn serve -h')",
                "serve m --worker-hang-action restart | --worker-hang-action restart: add --worker-hang-timeout",
                "serve m --worker-hang-action restart --worker-hang-timeout 5s --isolation main | --worker-hang-action restart: a worker of --isolation main cannot be replaced; use --isolation process",
                "serve m --worker-hang-action kill | --worker-hang-action: 'kill' is not one of report, restart (see 'spvn serve -h')",
                "serve m --interface rsgi | --interface: 'rsgi' is not one of auto, asgi3, asgi2, wsgi (see 'spvn serve -h')",
                "serve m --lifespan=maybe | --lifespan: 'maybe' is not one of auto, on, off (see 'spvn serve -h')",
                "serve m --lifespan maybe | --lifespan: 'maybe' is not one of auto, on, off (see 'spvn serve -h')",
                "serve -l m n             | unexpected argument n (see 'spvn serve -h')",
                "serve m --log-level loud | --log-level: 'loud' is not one of error, warning, info, debug, trace (see 'spvn serve -h')",
                "serve m --queue-size 0   | --queue-size: must be at least 1, not 0",
                "serve m --limit-connections 0 | --limit-connections: must be at least 1, not 0",
                "serve m --queue-timeout 5x | --queue-timeout: '5x' is not a duration such as 5, 5s, 100ms or 1m (see 'spvn serve -h')",
                "serve m --timeout-body 0 | --timeout-body: must be more than zero (see 'spvn serve -h')",
                "serve m --timeout-write -1 | --timeout-write: '-1' is not a duration such as 5, 5s, 100ms or 1m (see 'spvn serve -h')",
                "serve m --umask 8        | --umask: '8' is not a umask within 000-777",
                "serve m --uds-permissions rw | --uds-permissions: 'rw' is not a mode within 000-777",
                "serve m --umask 1777     | --umask: '1777' is not a umask within 000-777",
                "serve m --root-path api  | --root-path: 'api' does not start with a slash",
                "serve m --app-dir /nowhere/at/all | --app-dir: there is no directory /nowhere/at/all",
                "serve m --bind 8000      | --bind: '8000': write IP:PORT, [IPv6]:PORT or unix:/path (see 'spvn serve -h')",
                "serve m --bind ::1:80    | --bind: '::1:80': write IP:PORT, [IPv6]:PORT or unix:/path (see 'spvn serve -h')",
                "serve m --bind 300.1.1.1:80 | --bind: '300.1.1.1:80': '300.1.1.1' is not an address or a name (see 'spvn serve -h')",
                "serve m --bind 1.1.1.1:65536 | --bind: '1.1.1.1:65536': port 65536 is not within 0-65535 (see 'spvn serve -h')",
                "serve m --bind unix:     | --bind: 'unix:': the path of a Unix socket has 1 to 103 bytes, not 0 (see 'spvn serve -h')",
                "serve m --bind fd://3    | --bind: 'fd://3': write IP:PORT, [IPv6]:PORT or unix:/path (see 'spvn serve -h')",
                "serve m --bind 1.1.1.1:1 --port 2 | --bind and --host/--port: use one or the other",
                "serve m --port 70000     | --port: port 70000 is not within 0-65535",
                "serve m --host a_b!      | --host: 'a_b!' is not an address or a name",
                "serve m --factory=x      | --factory: 'x' is not a boolean (see 'spvn serve -h')"
            })
    void options(String args, String message) {
        assertWrong(message, Invocation.of(args.isEmpty() ? new String[0] : args.split(" ", -1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SPVN_BIND      | x      | SPVN_BIND: 'x': write IP:PORT, [IPv6]:PORT or unix:/path",
                "SPVN_BIND      | a:1,,  | SPVN_BIND: '': write IP:PORT, [IPv6]:PORT or unix:/path",
                "SPVN_N_THREADS | many   | SPVN_N_THREADS: 'many' is not a whole number",
                "SPVN_N_THREADS | 0      | SPVN_N_THREADS: must be at least 1, not 0",
                "SPVN_WATCH | maybe  | SPVN_WATCH: 'maybe' is not one of 1, true, yes, on, 0, false, no, off",
                "SPVN_LOOP | trio   | SPVN_LOOP: 'trio' is not one of auto, asyncio, uvloop",
                "SPVN_ISOLATION | none   | SPVN_ISOLATION: 'none' is not one of auto, subinterpreter, main, process",
                "SPVN_VERBOSE_PROC | loud | SPVN_VERBOSE_PROC: 'loud' is not a whole number"
            })
    void environment(String name, String value, String message) {
        assertWrong(message, Invocation.with(Map.of(name, value), "serve", "m"));
    }

    @Test
    void environment_unusedIsNotRead() {
        Map<String, String> environment =
                Map.of("SPVN_BIND", "x", "SPVN_N_THREADS", "y", "SPVN_ISOLATION", "z");
        Invocation invocation =
                Invocation.with(
                        environment, "serve", "m", "--port=1", "--workers=1", "--isolation=main");
        assertEquals(0, invocation.exitCode(), invocation.err());
    }

    private static void assertWrong(String message, Invocation invocation) {
        assertAll(
                () -> assertEquals("spvn: " + message + "\n", invocation.err()),
                () -> assertEquals("", invocation.out()),
                () -> assertEquals(2, invocation.exitCode()));
    }

    @Test
    void noInstallation() {
        Invocation invocation = Invocation.with(Map.of(), Map.of(), "serve", "m");
        assertEquals(4, invocation.exitCode());
        assertEquals(
                "spvn: no Python: spvn.python.executable is not set; start spvn with its launcher\n",
                invocation.err());
    }

    @Test
    void internalError_oneLine() {
        Invocation invocation = failing("1", "serve", "m", "-v");
        assertEquals(1, invocation.exitCode());
        assertEquals(
                "spvn: internal error: java.lang.IllegalStateException: one two\n",
                invocation.err());
    }

    @ParameterizedTest
    @CsvSource({"'', -vv", "2, --cpu"})
    void internalError_withStackTraceWhenVerbose(String variable, String option) {
        Invocation invocation = failing(variable, "serve", "m", option);
        assertEquals(1, invocation.exitCode());
        assertTrue(invocation.err().startsWith("spvn: internal error: "), invocation.err());
        assertTrue(invocation.err().contains("\tat io.spvn.cli."), invocation.err());
    }

    private static Invocation failing(String verbosity, String... args) {
        return Invocation.withServer(
                Map.of("SPVN_VERBOSE_PROC", verbosity),
                config -> {
                    throw new IllegalStateException("one\ntwo");
                },
                args);
    }

    @ParameterizedTest
    @CsvSource({"OPTIONS, '', 2", "APP, 'Traceback\nError\n', 3", "ENVIRONMENT, '', 4"})
    void serverThatCannotStart(StartFailure.Fault fault, String detail, int exitCode) {
        Invocation invocation =
                Invocation.withServer(
                        Map.of(),
                        config -> {
                            throw new StartFailure(fault, "this is why", detail);
                        },
                        "serve",
                        "m",
                        "-vv");
        assertEquals(exitCode, invocation.exitCode());
        assertEquals(detail + "spvn: this is why\n", invocation.err());
    }
}
