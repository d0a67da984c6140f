package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.AppLogging;
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
import io.spvn.server.ServerConfig.Logs;
import io.spvn.server.ServerConfig.Network;
import io.spvn.server.access.AccessSettings;
import io.spvn.server.connection.Timeouts;
import io.spvn.server.files.StaticSettings;
import io.spvn.server.http.Compression;
import io.spvn.server.http.HttpVersions;
import io.spvn.server.http.ResponseDefaults;
import io.spvn.server.http.ResponseDefaults.Field;
import io.spvn.server.process.ProcessSettings;
import io.spvn.server.tls.CipherSuite;
import io.spvn.server.tls.ClientAuth;
import io.spvn.server.tls.Group;
import io.spvn.server.tls.TlsSettings;
import io.spvn.server.tls.TlsSettings.Source;
import io.spvn.server.tls.TlsVersion;
import io.spvn.server.tracing.Sampling;
import io.spvn.server.tracing.TracingSettings;
import io.spvn.server.websocket.WebSocketSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every option and its default.
final class ServeCommandTest {
    private static final PythonEnvironment PYTHON =
            new PythonEnvironment(
                    Path.of("/python/bin/python3.13"),
                    Path.of("/python/lib/libpython3.13.so"),
                    "3.13.0",
                    Path.of("/support"),
                    Path.of("/cache"));
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
                        new Crew(1, Isolation.AUTO, EventLoop.AUTO, Duration.ofSeconds(5), false),
                        new Queue(1024, Duration.ofSeconds(5)),
                        new Stop(Duration.ofSeconds(30), Duration.ofSeconds(1)),
                        new Supervision(0, 0, Duration.ZERO, 0, HangAction.REPORT));
        ServerConfig expected =
                new ServerConfig(
                        new Network(List.of(new Bind.Tcp("127.0.0.1", 8000)), 4096, false, null),
                        HttpVersions.AUTO,
                        new Limits(0, 0),
                        new ResponseDefaults(true, true, List.of()),
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
                        new Logs(null, false),
                        new StaticSettings(List.of(), null, null, false),
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
            "--env",
            "A=b c",
            "--header",
            "x-a: b:c",
            "--no-server-header",
            "--no-date-header",
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
            "--http",
            "2",
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
            "--static",
            "/assets/=" + directory,
            "--static-index",
            "index.html",
            "--static-max-age",
            "1h",
            "--static-symlinks",
            "--compress",
            "--compress-min-size",
            "1K",
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
            "--access-log",
            "--access-log-format",
            "json",
            "--access-log-file",
            "/var/log/requests",
            "--request-id",
            "--trace-endpoint",
            "http://c:4318",
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
                                Invocation.of(args).config().worker().app().argv(),
                                AppLogging.DEFAULT,
                                Map.of("A", "b c")),
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
                        HttpVersions.TWO,
                        new Limits(9, 10 * 1024 * 1024),
                        new ResponseDefaults(false, false, List.of(new Field("x-a", "b:c"))),
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
                        new Logs(
                                new AccessSettings("json", Path.of("/var/log/requests")),
                                true,
                                new TracingSettings(
                                        URI.create("http://c:4318/v1/traces"),
                                        Sampling.DEFAULT,
                                        Map.of("service.name", "spvn"),
                                        Map.of(),
                                        Duration.ofSeconds(10),
                                        false,
                                        null)),
                        new StaticSettings(
                                List.of(new StaticSettings.Mount("/assets/", directory)),
                                "index.html",
                                Duration.ofHours(1),
                                true),
                        new Compression(1024),
                        worker,
                        null);
        assertEquals(expected, Invocation.of(args).config());
    }

    @Test
    void argv_isTheLauncherAndItsArguments() {
        List<String> argv = Invocation.of("serve", "-v", "m:app").config().worker().app().argv();
        assertEquals(List.of("/checkout/spvn", "serve", "-v", "m:app"), argv);
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

    @Test
    void serve_returnsTheServersExitCode() {
        assertEquals(7, Invocation.withServer(Map.of(), (_, _) -> 7, "serve", "m").exitCode());
    }
}
