package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.HangAction;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.bridge.worker.WorkerSettings.App;
import io.spvn.bridge.worker.WorkerSettings.Crew;
import io.spvn.bridge.worker.WorkerSettings.Queue;
import io.spvn.bridge.worker.WorkerSettings.Stop;
import io.spvn.bridge.worker.WorkerSettings.Supervision;
import io.spvn.server.Bind;
import io.spvn.server.ServerConfig;
import io.spvn.server.ServerConfig.Limits;
import io.spvn.server.ServerConfig.Network;
import io.spvn.server.connection.Timeouts;
import io.spvn.server.process.ProcessSettings;
import io.spvn.server.tls.CipherSuite;
import io.spvn.server.tls.ClientAuth;
import io.spvn.server.tls.Group;
import io.spvn.server.tls.TlsSettings;
import io.spvn.server.tls.TlsSettings.Source;
import io.spvn.server.tls.TlsVersion;
import io.spvn.server.watch.Watch;
import io.spvn.server.websocket.WebSocketSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every option, its default and its environment variable.
final class ServeCommandTest {
    private static final PythonEnvironment PYTHON =
            new PythonEnvironment(
                    Path.of("/python/bin/python3.13"),
                    Path.of("/python/lib/libpython3.13.so"),
                    "3.13.0",
                    Path.of("/support"));
    private static final Path HERE = Path.of("").toAbsolutePath();

    @TempDir private Path directory;

    @Test
    void defaults() {
        WorkerSettings worker =
                new WorkerSettings(
                        new App(
                                new AppRef("m:app", HERE, AppInterface.AUTO, false),
                                LifespanMode.AUTO,
                                Duration.ofSeconds(60),
                                "",
                                List.of("/checkout/spvn", "serve", "m:app")),
                        PYTHON,
                        new Crew(1, Isolation.AUTO, EventLoop.AUTO, Duration.ZERO, false),
                        new Queue(1024, Duration.ofSeconds(5)),
                        new Stop(Duration.ofSeconds(30), Duration.ofSeconds(1)),
                        new Supervision(0, 0, Duration.ZERO, 0, HangAction.REPORT));
        ServerConfig expected =
                new ServerConfig(
                        new Network(List.of(new Bind.Tcp("127.0.0.1", 8000)), 4096, false, null),
                        new Limits(0, 0),
                        new WebSocketSettings(
                                16 << 20, 32, true, Duration.ofSeconds(20), Duration.ofSeconds(20)),
                        new Timeouts(
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(75)),
                        null,
                        new ProcessSettings(null, null, null, null),
                        null,
                        worker,
                        null);
        assertEquals(expected, Invocation.of("serve", "m:app").config());
    }

    @Test
    void everyOption() {
        String[] args = {
            "serve",
            "--target",
            "m:app",
            "--app-dir",
            directory.toString(),
            "--interface",
            "wsgi",
            "--factory",
            "--root-path",
            "/api/",
            "--lifespan=off",
            "--startup-timeout",
            "1m",
            "--bind",
            "[::1]:80",
            "--bind",
            "unix:/run/a",
            "--uds",
            "/run/b",
            "--uds-permissions",
            "660",
            "--dual-stack",
            "--backlog",
            "7",
            "--workers",
            "2",
            "--isolation",
            "process",
            "--loop",
            "asyncio",
            "--worker-hang-timeout",
            "6s",
            "--max-requests",
            "1000",
            "--max-requests-jitter",
            "50",
            "--worker-lifetime",
            "2h",
            "--worker-max-rss",
            "300M",
            "--worker-hang-action",
            "restart",
            "--queue-size",
            "8",
            "--queue-timeout",
            "100ms",
            "--limit-connections",
            "9",
            "--limit-body",
            "10M",
            "--ws",
            "wsproto",
            "--ws-max-size",
            "1M",
            "--ws-max-queue",
            "3",
            "--ws-ping-interval",
            "5",
            "--ws-ping-timeout",
            "0",
            "--ws-per-message-deflate",
            "false",
            "--ssl-cert-file",
            "/etc/c.pem",
            "--ssl-key-file",
            "/etc/k.pem",
            "--ssl-key-password",
            "secret",
            "--ssl-cert",
            "/etc/d.pem:/etc/e.pem",
            "--ssl-cert",
            directory.toString(),
            "--ssl-ca-file",
            "/etc/ca.pem",
            "--ssl-client-auth",
            "optional",
            "--ssl-min-version",
            "1.3",
            "--ssl-version",
            "17",
            "--ssl-ciphers",
            "TLS_AES_256_GCM_SHA384:ECDHE-RSA-AES256-GCM-SHA384",
            "--ssl-groups",
            "P-256:X25519",
            "--redirect-http",
            "81",
            "--hsts",
            "1h",
            "--timeout-handshake",
            "500ms",
            "--timeout-header",
            "1s",
            "--timeout-body",
            "2s",
            "--timeout-write",
            "3s",
            "--timeout-keep-alive",
            "4s",
            "--graceful-timeout",
            "5s",
            "--stream-grace",
            "200ms",
            "--admin-bind",
            "0.0.0.0:9",
            "--user",
            "u",
            "--group",
            "g",
            "--umask",
            "027",
            "--proc-dir",
            directory.toString(),
            "-vv",
            "--log-level",
            "error"
        };
        WorkerSettings worker =
                new WorkerSettings(
                        new App(
                                new AppRef("m:app", directory, AppInterface.WSGI, true),
                                LifespanMode.OFF,
                                Duration.ofMinutes(1),
                                "/api",
                                Invocation.of(args).config().worker().app().argv()),
                        PYTHON,
                        new Crew(
                                2,
                                Isolation.PROCESS,
                                EventLoop.ASYNCIO,
                                Duration.ofSeconds(6),
                                false),
                        new Queue(8, Duration.ofMillis(100)),
                        new Stop(Duration.ofSeconds(5), Duration.ofMillis(200)),
                        new Supervision(
                                1000, 50, Duration.ofHours(2), 300L << 20, HangAction.RESTART));
        ServerConfig expected =
                new ServerConfig(
                        new Network(
                                List.of(
                                        new Bind.Tcp("::1", 80),
                                        new Bind.Unix(Path.of("/run/a")),
                                        new Bind.Unix(Path.of("/run/b"))),
                                7,
                                true,
                                0660),
                        new Limits(9, 10 * 1024 * 1024),
                        new WebSocketSettings(1 << 20, 3, false, Duration.ofSeconds(5), null),
                        new Timeouts(
                                Duration.ofMillis(500),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4)),
                        new TlsSettings(
                                List.of(
                                        new Source.Files(
                                                Path.of("/etc/c.pem"), Path.of("/etc/k.pem")),
                                        new Source.Files(
                                                Path.of("/etc/d.pem"), Path.of("/etc/e.pem")),
                                        new Source.Folder(directory)),
                                false,
                                "secret",
                                Path.of("/etc/ca.pem"),
                                ClientAuth.OPTIONAL,
                                TlsVersion.TLS_1_3,
                                List.of(
                                        CipherSuite.TLS_AES_256_GCM_SHA384,
                                        CipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384),
                                List.of(Group.P_256, Group.X25519),
                                81,
                                Duration.ofHours(1)),
                        new ProcessSettings("u", "g", 0027, directory),
                        new Bind.Tcp("0.0.0.0", 9),
                        worker,
                        null);
        assertEquals(expected, Invocation.of(args).config());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-ws", "--ws=none"})
    void webSockets_areNotServedWhenToldSo(String option) {
        assertNull(Invocation.of("serve", "m", option).config().webSockets());
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "websockets", "websockets-sansio", "wsproto"})
    void webSockets_byTheNameOfAnImplementation(String name) {
        assertEquals(
                webSockets(),
                webSockets("--ws", name),
                "there is one way in which they are served");
    }

    /// As the options of the same names in other servers take them: numbers of bytes and seconds.
    @Test
    void webSockets_inBareNumbers() {
        assertEquals(
                new WebSocketSettings(
                        16_777_216, 32, true, Duration.ofMillis(2500), Duration.ofSeconds(30)),
                webSockets(
                        "--ws-max-size=16777216",
                        "--ws-ping-interval=2.5",
                        "--ws-ping-timeout=30.0",
                        "--ws-per-message-deflate=True"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "0.0", "0s", "0ms"})
    void webSockets_withoutPings(String never) {
        WebSocketSettings settings =
                webSockets("--ws-ping-interval", never, "--ws-ping-timeout", never);
        assertNull(settings.pingInterval());
        assertNull(settings.pingTimeout());
    }

    private static WebSocketSettings webSockets(String... options) {
        String[] args =
                Stream.concat(Stream.of("serve", "m"), Stream.of(options)).toArray(String[]::new);
        WebSocketSettings settings = Invocation.of(args).config().webSockets();
        assertNotNull(settings);
        return settings;
    }

    @Test
    void argv_isTheLauncherAndItsArguments() {
        List<String> argv = Invocation.of("serve", "-v", "m:app").config().worker().app().argv();
        assertEquals(List.of("/checkout/spvn", "serve", "-v", "m:app"), argv);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--workers", "--n-threads"})
    void workers_byEitherName(String option) {
        assertEquals(4, workers(Map.of(), "serve", "m", option, "4"));
    }

    @Test
    void workers_cpu() {
        assertEquals(Invocation.CPUS, workers(Map.of(), "serve", "m", "--cpu"));
    }

    @Test
    void workers_optionThenEnvironmentThenDefault() {
        Map<String, String> environment = Map.of("SPVN_N_THREADS", "5");
        assertEquals(6, workers(environment, "serve", "m", "--workers", "6"));
        assertEquals(Invocation.CPUS, workers(environment, "serve", "m", "--cpu"));
        assertEquals(5, workers(environment, "serve", "m"));
        assertEquals(1, workers(Map.of("SPVN_N_THREADS", ""), "serve", "m"));
    }

    private static int workers(Map<String, String> environment, String... args) {
        return Invocation.with(environment, args).config().worker().crew().size();
    }

    @Test
    void bind_optionThenEnvironment() {
        Map<String, String> environment = Map.of("SPVN_BIND", "0.0.0.0:80, unix:/run/s");
        List<Bind> fromEnvironment =
                List.of(new Bind.Tcp("0.0.0.0", 80), new Bind.Unix(Path.of("/run/s")));
        assertEquals(fromEnvironment, binds(environment, "serve", "m"));
        assertEquals(
                List.of(new Bind.Tcp("1.2.3.4", 0)),
                binds(environment, "serve", "m", "--bind", "1.2.3.4:0"));
        assertEquals(
                List.of(new Bind.Tcp("127.0.0.1", 81)),
                binds(environment, "serve", "m", "--port", "81"));
        assertEquals(
                List.of(new Bind.Unix(Path.of("s"))), binds(environment, "serve", "m", "--uds=s"));
    }

    @Test
    void bind_hostAndPort() {
        assertEquals(
                List.of(new Bind.Tcp("::", 8000)), binds(Map.of(), "serve", "m", "--host", "::"));
        assertEquals(
                List.of(new Bind.Tcp("localhost", 1)),
                binds(Map.of(), "serve", "m", "--port", "1", "--host", "localhost"));
    }

    @Test
    void repeatedOption_theLastOneCounts() {
        Invocation invocation =
                Invocation.of(
                        "serve",
                        "m",
                        "--backlog=1",
                        "--factory",
                        "-l",
                        "on",
                        "--backlog",
                        "2",
                        "--factory",
                        "--lifespan=off",
                        "--log-level=info",
                        "--log-level=error");
        assertEquals(2, invocation.config().network().backlog());
        assertEquals(LifespanMode.OFF, invocation.config().worker().app().lifespan());
        assertTrue(invocation.config().worker().app().ref().factory());
        assertEquals("", invocation.err());
    }

    @Test
    void bind_repeatedBetweenOtherOptions() {
        assertEquals(
                List.of(new Bind.Tcp("127.0.0.1", 1), new Bind.Tcp("127.0.0.1", 2)),
                binds(
                        Map.of(),
                        "serve",
                        "--bind=127.0.0.1:1",
                        "--backlog=3",
                        "m",
                        "--bind=127.0.0.1:2"));
    }

    private static List<Bind> binds(Map<String, String> environment, String... args) {
        return Invocation.with(environment, args).config().network().binds();
    }

    @Test
    void loop_optionThenEnvironment() {
        Map<String, String> environment = Map.of("SPVN_LOOP", "uvloop");
        assertEquals(
                EventLoop.UVLOOP,
                Invocation.with(environment, "serve", "m").config().worker().crew().loop());
        assertEquals(
                EventLoop.ASYNCIO,
                Invocation.with(environment, "serve", "m", "--loop", "asyncio")
                        .config()
                        .worker()
                        .crew()
                        .loop());
    }

    @Test
    void isolation_optionThenEnvironment() {
        Map<String, String> environment = Map.of("SPVN_ISOLATION", "main");
        assertEquals(
                Isolation.MAIN,
                Invocation.with(environment, "serve", "m").config().worker().crew().isolation());
        assertEquals(
                Isolation.AUTO,
                Invocation.with(environment, "serve", "m", "--isolation", "auto")
                        .config()
                        .worker()
                        .crew()
                        .isolation());
    }

    @Test
    void watch_isOffUnlessAskedFor() {
        assertNull(Invocation.of("serve", "m").config().watch());
        assertNull(watch(Map.of("SPVN_WATCH", "0"), "serve", "m"));
        assertNull(watch(Map.of("SPVN_WATCH", "1"), "serve", "m", "--watch=false"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-w", "--watch", "--reload"})
    void watch_byAnyName_watchesTheAppsDirectory_andReloadsProcesses(String option)
            throws IOException {
        ServerConfig config =
                Invocation.of("serve", "m", option, "--app-dir", directory.toString()).config();
        assertEquals(
                new Watch(List.of(directory.toRealPath()), List.of(), List.of()), config.watch());
        assertEquals(Isolation.PROCESS, config.worker().crew().isolation());
    }

    @Test
    void watch_optionThenEnvironment() throws IOException {
        Watch here = new Watch(List.of(HERE.toRealPath()), List.of(), List.of());
        assertEquals(here, watch(Map.of("SPVN_WATCH", "true"), "serve", "m"));
        assertEquals(here, watch(Map.of("SPVN_WATCH", "off"), "serve", "m", "--watch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"watch", "reload"})
    void watch_whichFiles(String name) throws IOException {
        Path other = Files.createDirectory(directory.resolve("other"));
        assertEquals(
                new Watch(
                        List.of(directory.toRealPath(), other.toRealPath()),
                        List.of("*.html", "conf/*.toml"),
                        List.of("logs/", "gen_*.py")),
                watch(
                        Map.of(),
                        "serve",
                        "m",
                        "--" + name,
                        "--" + name + "-dir",
                        directory.toString(),
                        "--" + name + "-dir=" + other,
                        "--" + name + "-include",
                        "*.html",
                        "--" + name + "-include",
                        "conf/*.toml",
                        "--" + name + "-exclude",
                        "logs/",
                        "--" + name + "-exclude",
                        "gen_*.py"));
    }

    @Test
    void watch_endsStreamsSooner_unlessToldOtherwise() {
        assertEquals(Duration.ofMillis(100), grace("serve", "m", "--watch"));
        assertEquals(Duration.ofSeconds(2), grace("serve", "m", "--watch", "--stream-grace", "2s"));
    }

    private static Duration grace(String... args) {
        return Invocation.of(args).config().worker().stop().streamGrace();
    }

    private static @Nullable Watch watch(Map<String, String> environment, String... args) {
        return Invocation.with(environment, args).config().watch();
    }

    @Test
    void streamGrace_optionThenEnvironment() {
        Map<String, String> environment = Map.of("SPVN_STREAM_GRACE", "3s");
        assertEquals(
                Duration.ofSeconds(3),
                Invocation.with(environment, "serve", "m").config().worker().stop().streamGrace());
        assertEquals(
                Duration.ofSeconds(4),
                Invocation.with(environment, "serve", "m", "--stream-grace", "4")
                        .config()
                        .worker()
                        .stop()
                        .streamGrace());
    }

    @Test
    void user_optionThenEnvironment() {
        Map<String, String> environment = Map.of("SPVN_USER", "a");
        assertEquals("a", Invocation.with(environment, "serve", "m").config().process().user());
        assertEquals(
                "b",
                Invocation.with(environment, "serve", "m", "--user", "b")
                        .config()
                        .process()
                        .user());
    }

    @Test
    void procDir_optionThenEnvironment() {
        Map<String, String> environment = Map.of("PROC_DIR", directory.resolve("e").toString());
        assertEquals(
                directory.resolve("e"),
                Invocation.with(environment, "serve", "m").config().process().directory());
        assertEquals(
                directory.resolve("o"),
                Invocation.with(
                                environment,
                                "serve",
                                "m",
                                "--proc-dir",
                                directory.resolve("o").toString())
                        .config()
                        .process()
                        .directory());
    }

    @ParameterizedTest
    @CsvSource({
        "-l m,            ON",
        "m -l,            ON",
        "-l -v m,         ON",
        "-l on m,         ON",
        "-l=off m,        OFF",
        "-loff m,         OFF",
        "--lifespan m,    ON",
        "m --lifespan auto, AUTO",
        "--lifespan=ON m, ON",
        "m,               AUTO"
    })
    void lifespan(String args, LifespanMode expected) {
        ServerConfig config = Invocation.of(("serve " + args).split(" ", -1)).config();
        assertEquals(expected, config.worker().app().lifespan());
        assertEquals("m", config.worker().app().ref().target());
    }

    @ParameterizedTest
    @CsvSource({
        "'',               '',    INFO,  false",
        "-v,               '',    DEBUG, false",
        "-v -v,            '',    TRACE, true",
        "-vv,              '',    TRACE, true",
        "'',               1,     DEBUG, false",
        "'',               2,     TRACE, true",
        "'',               true,  DEBUG, false",
        "-v,               2,     DEBUG, false",
        "--log-level=error, 1,    ERROR, false",
        "-vv --log-level=warning, '', WARNING, true"
    })
    void verbosity(String options, String variable, LogLevel level, boolean stackTraces) {
        SpvnCommand command =
                PicocliSetup.command(
                        PicocliSetup.commandLine("", new PrintWriter(new StringWriter()))
                                .parseArgs(("serve m " + options).strip().split(" ", -1)));
        Environment environment = new Environment(Map.of("SPVN_VERBOSE_PROC", variable));
        assertEquals(
                new LogSettings(level, stackTraces),
                new LogReader(command.log(), environment).settings());
    }

    @Test
    void serve_returnsTheServersExitCode() {
        assertEquals(7, Invocation.withServer(Map.of(), config -> 7, "serve", "m").exitCode());
    }
}
