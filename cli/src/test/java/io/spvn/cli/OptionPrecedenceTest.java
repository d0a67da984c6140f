package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.server.Bind;
import io.spvn.server.access.AccessSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What counts: an option, by any of its names, else its environment variable, else the default.
final class OptionPrecedenceTest {
    @TempDir private Path directory;

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
    void whatAFlagTurnsOn_isNotUndoneByWhatCountsLess() {
        Map<String, String> off = Map.of("SPVN_ACCESS_LOG", "false");
        assertEquals(
                new AccessSettings(AccessSettings.DEFAULT_FORMAT, Path.of("a.log")),
                access(off, "--access-log-file", "a.log"));
        assertNull(access(off));
        assertNull(access(off, "--access-log-format", "json"));
        assertNull(access(off, "--no-access-log", "--access-log-file", "a.log"));
        Map<String, String> file = Map.of("SPVN_ACCESS_LOG_FILE", "a.log");
        assertNull(access(file, "--no-access-log"));
        assertNotNull(access(file, "--access-log"));
    }

    @Test
    void whatTurnsOn_isNamedWhenTheRestIsNoSwitch() {
        Invocation refused =
                Invocation.with(
                        Map.of("SPVN_ACCESS_LOG", "perhaps"),
                        "serve",
                        "m",
                        "--access-log-file",
                        "a.log");
        assertEquals(2, refused.exitCode());
        assertTrue(refused.err().contains("SPVN_ACCESS_LOG: 'perhaps'"), refused.err());
    }

    private static @Nullable AccessSettings access(
            Map<String, String> environment, String... options) {
        String[] args =
                Stream.concat(Stream.of("serve", "m"), Stream.of(options)).toArray(String[]::new);
        return Invocation.with(environment, args).config().logs().access();
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
}
