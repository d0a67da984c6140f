package io.spvn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.dockerjava.api.model.HealthCheck;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The image as it is, with a root file system that cannot be written.
@NeedsEngine
class ServingIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Pattern SERVED =
            Pattern.compile(
                    "^spvn_requests_total\\{method=\"GET\",status=\"200\"} ([0-9.E+]+)$",
                    Pattern.MULTILINE);

    private static Spvn spvn;

    @BeforeAll
    static void start() {
        spvn = Spvn.serving("app:app").with(host -> host.withReadonlyRootfs(true));
        HealthCheck often = new HealthCheck().withInterval(TimeUnit.MILLISECONDS.toNanos(500));
        spvn.withCreateContainerCmdModifier(command -> command.withHealthcheck(often));
        spvn.start();
    }

    @AfterAll
    static void stop() {
        spvn.stop();
    }

    @Test
    void servesHttp() throws IOException, InterruptedException {
        assertEquals("Hello, world!", spvn.get("/").body());
    }

    @Test
    void servesWebSockets() throws Exception {
        CompletableFuture<String> echo = new CompletableFuture<>();
        URI uri = URI.create("ws://" + spvn.getHost() + ":" + spvn.port() + "/");
        WebSocket socket =
                spvn.client().newWebSocketBuilder().buildAsync(uri, new Listener(echo)).get();
        socket.sendText("héllo", true).get();
        assertEquals("echo héllo", echo.get(10, TimeUnit.SECONDS));
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get();
    }

    private record Listener(CompletableFuture<String> text) implements WebSocket.Listener {
        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            return CompletableFuture.completedFuture(null);
        }
    }

    @Test
    void metricsCountWhatWasServed() throws IOException, InterruptedException {
        double before = served();
        for (int i = 0; i < 5; i++) {
            spvn.get("/");
        }
        assertTrue(served() >= before + 5, () -> "before " + before);
    }

    private static double served() throws IOException, InterruptedException {
        Matcher matcher = SERVED.matcher(spvn.ask("/metrics").body());
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    @Test
    void appRunsWithoutRoot() throws IOException, InterruptedException {
        assertEquals("10001 10001 /app", spvn.get("/who").body());
    }

    @Test
    void nothingCanBeWritten() throws IOException, InterruptedException {
        assertEquals("", spvn.get("/write").body());
    }

    @Test
    void logHasNoComplaint() {
        String log = spvn.getLogs();
        assertTrue(!log.contains("WARN") && !log.contains("ERROR"), log);
    }

    @Test
    void whatTheAppPrintsIsInTheLogAtOnce() throws IOException, InterruptedException {
        spvn.get("/says?word=heard");
        assertTrue(Await.until(SOON, () -> spvn.getLogs().contains("word=heard")), spvn::getLogs);
    }

    @Test
    void engineFindsItHealthy() {
        assertTrue(Await.until(SOON, () -> "healthy".equals(spvn.state().getHealth().getStatus())));
    }

    @Test
    void healthCheckFailsWhereNothingAnswers() throws IOException, InterruptedException {
        var outcome =
                spvn.execInContainer(
                        "env",
                        "SPVN_ADMIN_BIND=127.0.0.1:1",
                        "python3",
                        "-I",
                        "/usr/local/lib/spvn/health.py");
        assertNotEquals(0, outcome.getExitCode());
    }
}
