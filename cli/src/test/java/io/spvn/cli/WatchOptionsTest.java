package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.spvn.bridge.worker.Isolation;
import io.spvn.server.ServerConfig;
import io.spvn.server.watch.Watch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is watched, and what comes with that.
final class WatchOptionsTest {
    private static final Path HERE = Path.of("").toAbsolutePath();

    @TempDir private Path directory;

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
}
