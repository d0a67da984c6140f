package io.spvn.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.server.files.StaticSettings;
import io.spvn.server.files.StaticSettings.Mount;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticOptionsTest {
    @TempDir Path directory;

    @Test
    void granian_saysTheSameInItsOwnWords() {
        StaticSettings given =
                settings(
                        "--static-path-mount",
                        directory.toString(),
                        "--static-path-expires",
                        "60",
                        "--static-path-dir-to-file",
                        "index.html");
        Mount mount = new Mount("/static", directory);
        assertEquals(
                new StaticSettings(List.of(mount), "index.html", Duration.ofMinutes(1), false),
                given);
        List<Mount> routes =
                settings(
                                "--static-path-route=/a",
                                "--static-path-mount=" + directory,
                                "--static-path-route=/b",
                                "--static-path-mount=" + directory)
                        .mounts();
        assertEquals(List.of(new Mount("/a", directory), new Mount("/b", directory)), routes);
    }

    @Test
    void environment_countsWhereNoOptionIsGiven() {
        Map<String, String> environment =
                Map.of(
                        "SPVN_STATIC",
                        "/a=%s, /b=%s".formatted(directory, directory),
                        "SPVN_STATIC_INDEX",
                        "home.html",
                        "SPVN_STATIC_MAX_AGE",
                        "0",
                        "SPVN_STATIC_SYMLINKS",
                        "yes");
        StaticSettings expected =
                new StaticSettings(
                        List.of(new Mount("/a", directory), new Mount("/b", directory)),
                        "home.html",
                        null,
                        true);
        assertEquals(expected, Invocation.with(environment, "serve", "m:app").config().files());
    }

    @Test
    void whatIsWrong_isSaid() {
        assertWrong("'x' is not of the form ROUTE=DIR", "--static=x");
        assertWrong("'nowhere' is not a directory", "--static=/a=nowhere");
        assertWrong("'a' does not begin with a slash", "--static=a=" + directory);
        assertWrong("'/..' is no route", "--static=/..=" + directory);
        assertWrong(
                "more than one directory", "--static=/a=" + directory, "--static=/a/=" + directory);
        assertWrong("'../x' is not the name of a file", "--static-index=../x");
        assertWrong("--static-max-age", "--static-max-age=soon");
        assertWrong("needs a --static-path-mount", "--static-path-route=/a");
        assertWrong(
                "as many as --static-path-route",
                "--static-path-route=/a",
                "--static-path-route=/b",
                "--static-path-mount=" + directory);
    }

    private static void assertWrong(String part, String... options) {
        Invocation wrong = Invocation.of(words(options));
        assertEquals(2, wrong.exitCode());
        assertTrue(wrong.err().contains(part), wrong.err());
    }

    private static String[] words(String... options) {
        return Stream.concat(Stream.of("serve", "m:app"), Arrays.stream(options))
                .toArray(String[]::new);
    }

    private static StaticSettings settings(String... options) {
        return Invocation.of(words(options)).config().files();
    }
}
