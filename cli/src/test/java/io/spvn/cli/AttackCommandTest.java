package io.spvn.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.spvn.loadtest.attack.Load;
import io.spvn.loadtest.attack.Pacer;
import io.spvn.loadtest.attack.Plan;
import io.spvn.loadtest.attack.Request;
import io.spvn.loadtest.attack.Request.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every option and its default.
final class AttackCommandTest {
    @TempDir private Path directory;

    @AutoClose private final AttackedServer server = AttackedServer.at("/path?query");

    private Plan plan(String... options) {
        return attack(options).plan();
    }

    private AttackSettings attack(String... options) {
        return Invocation.of(server.args(options)).attack();
    }

    @Test
    void defaults() {
        AttackSettings settings = attack();
        assertEquals(new AttackSettings(settings.plan(), false, null, false, false), settings);
        Plan plan = settings.plan();
        assertEquals(server.url(), plan.target().url());
        assertEquals(new Load.Open(new Pacer.Constant(50), 64), plan.load());
        assertEquals(Duration.ofSeconds(10), plan.duration());
        assertEquals(Duration.ofSeconds(10), plan.timeout());
        assertEquals("GET", plan.request().method());
        assertEquals(List.of(), plan.request().fields());
        assertEquals(0, plan.request().body().length);
    }

    @Test
    void everyOption() {
        AttackSettings settings =
                attack(
                        "--rate",
                        "1000.5",
                        "--connections",
                        "7",
                        "--duration",
                        "1m",
                        "--timeout",
                        "100ms",
                        "--method",
                        "PUT",
                        "--header",
                        "Accept: */*",
                        "-H",
                        "X-A:b=c",
                        "--body",
                        "text",
                        "--no-warmup",
                        "--allow-remote",
                        "--json",
                        "--no-progress",
                        "--out",
                        directory.toString());
        assertEquals(new AttackSettings(settings.plan(), true, directory, true, true), settings);
        Plan plan = settings.plan();
        assertEquals(new Load.Open(new Pacer.Constant(1000.5), 7), plan.load());
        assertEquals(Duration.ofMinutes(1), plan.duration());
        assertEquals(Duration.ofMillis(100), plan.timeout());
        Request request = plan.request();
        assertEquals("PUT", request.method());
        assertEquals(
                List.of(new Field("Accept", "*/*"), new Field("X-A", "b=c")), request.fields());
        assertArrayEquals("text".getBytes(UTF_8), request.body());
    }

    @Test
    void shortOptions() {
        Plan plan = plan("-r", "7", "-c", "3", "-d", "2", "-X", "PUT", "-H", "A: b");
        assertEquals(new Load.Open(new Pacer.Constant(7), 3), plan.load());
        assertEquals(Duration.ofSeconds(2), plan.duration());
        assertEquals("PUT", plan.request().method());
        assertEquals(List.of(new Field("A", "b")), plan.request().fields());
    }

    @Test
    void ramp_takesTheDuration() {
        Pacer.Ramp pacer = new Pacer.Ramp(10, 0.5, Duration.ofSeconds(3));
        assertEquals(new Load.Open(pacer, 64), plan("--ramp", "10:0.5", "--duration", "3").load());
    }

    @ParameterizedTest
    @CsvSource({"--closed, 64", "--closed -c 3, 3", "-c3 --closed, 3"})
    void closed(String options, int connections) {
        assertEquals(new Load.Closed(connections), plan(options.split(" ", -1)).load());
    }

    @Test
    void method_isPostWhereThereIsABody() {
        assertEquals("POST", plan("--body", "text").request().method());
        assertEquals("GET", plan("--body", "text", "--method", "GET").request().method());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "text",
                "grüße",
                "name.json",
                ".",
                "{\"path\": \"/a/b\"}",
                "a=/b",
                "http://a/b",
                "<a/>",
                "a b/c"
            })
    void body_text(String text) {
        assertArrayEquals(text.getBytes(UTF_8), plan("--body", text).request().body());
    }

    @Test
    void body_file() throws IOException {
        Path file = Files.write(directory.resolve("a b"), new byte[] {0, 1, (byte) 0xFF});
        byte[] content = Files.readAllBytes(file);
        assertArrayEquals(content, plan("--body", file.toString()).request().body());
        assertArrayEquals(content, plan("--body", "@" + file).request().body());
    }
}
