package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.Bind;
import io.spvn.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Options in a file and in the environment, and the report of where each comes from.
final class ConfigurationTest {
    @TempDir private Path directory;

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("spvn.toml"), text);
    }

    private Path project(String text) throws IOException {
        return Files.writeString(directory.resolve("pyproject.toml"), text);
    }

    private Invocation withFile(String text, String... more) throws IOException {
        return withFile(Map.of(), text, more);
    }

    private Invocation withFile(Map<String, String> environment, String text, String... more)
            throws IOException {
        String[] args = new String[3 + more.length];
        args[0] = "serve";
        args[1] = "--config";
        args[2] = file(text).toString();
        System.arraycopy(more, 0, args, 3, more.length);
        return Invocation.with(environment, args);
    }

    private static List<String> lines(String text, String key) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.startsWith(key + " "))
                .map(line -> line.replaceAll(" +", " "))
                .toList();
    }

    @Test
    void file_hasNamesOfOptionsAsKeys() throws IOException {
        ServerConfig config =
                withFile(
                                """
                                target = "m:app"
                                workers = 3
                                bind = ["127.0.0.1:1", "unix:/run/a"]
                                queue_timeout = 1.5
                                timeout-keep-alive = "2m"
                                dual-stack = true
                                watch-exclude = ["logs/"]
                                limit-body = "10M"
                                """)
                        .config();
        assertEquals("m:app", config.worker().app().ref().target());
        assertEquals(3, config.worker().crew().size());
        assertEquals(
                List.of(new Bind.Tcp("127.0.0.1", 1), new Bind.Unix(Path.of("/run/a"))),
                config.network().binds());
        assertEquals(Duration.ofMillis(1500), config.worker().queue().timeout());
        assertEquals(Duration.ofMinutes(2), config.timeouts().keepAlive());
        assertTrue(config.network().dualStack());
        assertEquals(10 << 20, config.limits().body());
        assertNull(config.watch());
    }

    @Test
    void optionThenEnvironmentThenFileThenDefault() throws IOException {
        Map<String, String> environment = Map.of("SPVN_BACKLOG", "2", "SPVN_QUEUE_SIZE", "20");
        ServerConfig config =
                withFile(
                                environment,
                                "backlog = 3\nqueue-size = 30\nqueue-timeout = 3",
                                "m",
                                "--backlog=1")
                        .config();
        assertEquals(1, config.network().backlog());
        assertEquals(20, config.worker().queue().size());
        assertEquals(Duration.ofSeconds(3), config.worker().queue().timeout());
        assertEquals(Duration.ofSeconds(30), config.timeouts().body());
    }

    @Test
    void anotherWayToWriteTheSame_theOneThatCountsMoreIsTaken() throws IOException {
        ServerConfig config =
                withFile(
                                Map.of("SPVN_N_THREADS", "5"),
                                "bind = '127.0.0.1:1'\nhost = '1.1.1.1'\ncpu = true",
                                "m",
                                "--port=2")
                        .config();
        assertEquals(List.of(new Bind.Tcp("1.1.1.1", 2)), config.network().binds());
        assertEquals(5, config.worker().crew().size());
    }

    @Test
    void environment_namesTheFile() throws IOException {
        Map<String, String> environment = Map.of("SPVN_CONFIG", file("backlog = 3").toString());
        assertEquals(3, Invocation.with(environment, "serve", "m").config().network().backlog());
    }

    @Test
    void project_isReadWhereNoFileIsNamed() throws IOException {
        project("[project]\nname = 'a'\n[tool.spvn]\nbacklog = 3\n[tool.other]\nx = 1\n");
        String appDir = directory.toString();
        assertEquals(
                3, Invocation.of("serve", "m", "--app-dir", appDir).config().network().backlog());
        assertEquals(
                4096,
                withFile("queue-size = 1", "m", "--app-dir", appDir).config().network().backlog());
    }

    @Test
    void project_withoutATableOfOurs_isNobodysBusiness() throws IOException {
        project("this is [not TOML");
        String appDir = directory.toString();
        Invocation invocation = Invocation.of("serve", "m", "--app-dir", appDir);
        assertEquals(0, invocation.exitCode(), invocation.err());
        project("dependencies = ['spvn']");
        assertEquals(0, Invocation.of("serve", "m", "--app-dir", appDir).exitCode());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "queue-timeout = 'soon' | queue-timeout: 'soon' is not a duration such as 5, 5s, 100ms or 1m",
                "queue_timout = 5       | unknown key queue-timout, did you mean queue-timeout?",
                "reload = true          | unknown key reload, did you mean watch?",
                "reload_includ = 'a'    | unknown key reload-includ, did you mean watch-include?",
                "colour = 'red'         | unknown key colour",
                "config = 'b.toml'      | config: a file cannot name another; write its keys here",
                "help = true            | unknown key help",
                "check-config = true    | unknown key check-config",
                "workers = 0            | workers: must be at least 1, not 0",
                "workers = 1.5          | workers: '1.5' is not a whole number",
                "workers = [1]          | workers: takes one value, not a list",
                "workers = {a = 1}      | workers: must be a text, a number, true or false",
                "bind = ['x']           | bind: 'x': write IP:PORT, [IPv6]:PORT, unix:/path or fd://N",
                "isolation = 'main'\\nworkers = 2 | isolation main: there is one main interpreter, so use --isolation process for 2 workers",
                "queue-size = 1\\nqueue_size = 2 | queue-size: is there twice",
            })
    void wrongFile_isOneLineThatNamesTheKey(String text, String message) throws IOException {
        Invocation invocation = withFile(text.replace("\\n", "\n"), "m");
        assertEquals(
                "spvn: " + directory.resolve("spvn.toml") + ": " + message + "\n",
                invocation.err());
        assertEquals(2, invocation.exitCode());
    }

    @Test
    void notToml_namesThePlace() throws IOException {
        Invocation invocation = withFile("backlog = 1\nworkers = = 2", "m");
        assertTrue(
                invocation
                        .err()
                        .startsWith(
                                "spvn: "
                                        + directory.resolve("spvn.toml")
                                        + ": line 2, column 11: Unexpected '='"),
                invocation.err());
        assertEquals(1, invocation.err().lines().count());
        assertEquals(2, invocation.exitCode());
    }

    @Test
    void noFile() {
        Invocation invocation = Invocation.of("serve", "m", "-c", "/nowhere/spvn.toml");
        assertEquals(
                "spvn: --config: cannot read /nowhere/spvn.toml: no such file\n", invocation.err());
        invocation = Invocation.with(Map.of("SPVN_CONFIG", "/nowhere/a"), "serve", "m");
        assertEquals("spvn: SPVN_CONFIG: cannot read /nowhere/a: no such file\n", invocation.err());
    }

    @Test
    void fileOfGunicorn_isPython() {
        Invocation invocation = Invocation.of("serve", "m", "-c", "gunicorn.conf.py");
        assertEquals(
                "spvn: --config: gunicorn.conf.py is Python; write its settings as TOML: workers ="
                        + " 4\n",
                invocation.err());
        assertEquals(2, invocation.exitCode());
    }

    @Test
    void environment_ofAServiceThatIsCalledSpvn_saysNothing() {
        Map<String, String> environment = Map.of("SPVN_PORT", "tcp://10.0.0.1:8000");
        assertEquals(
                List.of(new Bind.Tcp("127.0.0.1", 8000)),
                Invocation.with(environment, "serve", "m").config().network().binds());
    }

    @Test
    void checkConfig_showsEachOptionWithItsOrigin_andStartsNothing() throws IOException {
        Invocation invocation =
                withFile(
                        Map.of("SPVN_BIND", "127.0.0.1:1,127.0.0.1:2", "SPVN_VERBOSE_PROC", "2"),
                        "queue-timeout = 3\nwatch-include = ['*.html', '*.css']",
                        "m:app",
                        "--check-config",
                        "--n-threads=2",
                        "--factory");
        assertEquals(0, invocation.exitCode(), invocation.err());
        assertEquals(List.of(), invocation.asked().servers());
        String out = invocation.out();
        String toml = directory.resolve("spvn.toml").toString();
        assertEquals(List.of("target m:app TARGET"), lines(out, "target"));
        assertEquals(List.of("workers 2 --workers"), lines(out, "workers"));
        assertEquals(List.of("factory true --factory"), lines(out, "factory"));
        assertEquals(List.of("bind 127.0.0.1:1, 127.0.0.1:2 SPVN_BIND"), lines(out, "bind"));
        assertEquals(List.of("verbose 2 SPVN_VERBOSE_PROC"), lines(out, "verbose"));
        assertEquals(
                List.of("queue-timeout 3 " + toml + ": queue-timeout"),
                lines(out, "queue-timeout"));
        assertEquals(
                List.of("watch-include *.html, *.css " + toml + ": watch-include"),
                lines(out, "watch-include"));
        assertEquals(List.of("timeout-body 30s default"), lines(out, "timeout-body"));
        assertEquals(List.of("ssl-cert-file none default"), lines(out, "ssl-cert-file"));
        assertEquals(List.of("cpu off default"), lines(out, "cpu"));
        assertEquals(List.of(), lines(out, "check-config"));
        assertTrue(out.lines().anyMatch("Addresses"::equals), out);
    }

    @Test
    void checkConfig_ofWhatIsWrong() {
        Invocation invocation = Invocation.of("serve", "m", "--check-config", "--workers=0");
        assertEquals(2, invocation.exitCode());
        assertEquals("", invocation.out());
    }

    @Test
    void checkConfig_neverShowsASecret() throws IOException {
        Map<String, String> environment = Map.of("SPVN_SSL_KEY_PASSWORD", "hunter2");
        String out = Invocation.with(environment, "serve", "m", "--check-config").out();
        assertEquals(
                List.of("ssl-key-password (not shown) SPVN_SSL_KEY_PASSWORD"),
                lines(out, "ssl-key-password"));
        assertFalse(out.contains("hunter2"), out);
    }
}
