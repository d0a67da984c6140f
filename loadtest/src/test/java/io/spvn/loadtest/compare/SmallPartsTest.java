package io.spvn.loadtest.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SmallPartsTest {
    @Test
    void timeLeft_isThePlan_untilSomethingIsDone() {
        TimeLeft left = new TimeLeft(0, 100);
        assertEquals(Duration.ofSeconds(100), left.at(0));
        left.done(50);
        assertEquals(
                Duration.ofSeconds(100), left.at(100_000_000_000L), "twice as slow as planned");
        assertEquals("2 min left", left.text(100_000_000_000L));
        left.done(50);
        assertEquals("0 s left", left.text(200_000_000_000L));
    }

    @Test
    void surroundings_leaveOutWhatWouldChangeSettings() {
        PythonHome home = new PythonHome(Path.of("/v"), "3.13.0");
        Map<String, String> variables =
                Surroundings.of(
                        Map.of(
                                "PATH", "/bin",
                                "HOME", "/root",
                                "WEB_CONCURRENCY", "9",
                                "GRANIAN_WORKERS", "9",
                                "SPVN_N_THREADS", "9",
                                "SPVN_PYTHON", "/other",
                                "SPVN_JAVA_OPTS", "-Xmx1g",
                                "PYTHONHOME", "/other"),
                        home,
                        Path.of("/apps"));
        assertEquals(
                Map.of(
                        "PATH", "/v/bin:/bin",
                        "HOME", "/root",
                        "SPVN_JAVA_OPTS", "-Xmx1g",
                        "VIRTUAL_ENV", "/v",
                        "PYTHONPATH", "/apps"),
                variables);
    }

    @Test
    void lastLine_isTheLastThatIsNotBlank(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("log"), "one\n  two  \n\n");
        assertEquals("two", LastLine.of(file));
        assertEquals("it said nothing", LastLine.of(directory.resolve("none")));
        Files.writeString(file, "x".repeat(1000));
        assertEquals(303, LastLine.of(file).length());
    }

    @Test
    void ask_knowsTheRightAnswer() {
        Ask text = Ask.get("/", new Ask.Answer.Exactly("ready"));
        assertNull(text.fault(200, "ready".getBytes(UTF_8)));
        assertEquals("answered GET / wrongly: 'no'", text.fault(200, "no".getBytes(UTF_8)));
        assertEquals("answered GET / with status 404", text.fault(404, "ready".getBytes(UTF_8)));
        Ask large = Ask.get("/large", new Ask.Answer.Bytes(100));
        assertNull(large.fault(200, new byte[100]));
        assertEquals("answered GET /large wrongly: 99 bytes", large.fault(200, new byte[99]));
    }

    @Test
    void slowClients_comeAgain_whenTheyAreSentAway() throws IOException {
        try (ServerSocket rude = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> sendAway(rude));
            try (SlowClients slow = new SlowClients(rude.getLocalPort(), 10)) {
                long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
                while (slow.closedByServer() < 20 && System.nanoTime() < deadline) {
                    LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
                }
                assertTrue(slow.closedByServer() >= 20);
            }
        }
    }

    private static void sendAway(ServerSocket server) {
        try {
            while (true) {
                server.accept().close();
            }
        } catch (IOException e) {
            if (!server.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
