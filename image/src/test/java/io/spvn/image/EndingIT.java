package io.spvn.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// How containers end, and what the first process of one does for others.
@NeedsEngine
class EndingIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void requestInHandIsAnsweredBeforeTheEnd() throws Exception {
        try (Spvn spvn = Spvn.serving("app:app")) {
            spvn.start();
            CompletableFuture<HttpResponse<String>> slow =
                    spvn.client()
                            .sendAsync(spvn.request("/slow?seconds=3"), BodyHandlers.ofString());
            assertTrue(
                    Await.until(
                            SOON, () -> spvn.ask("/status").body().contains("\"in_flight\":1")));
            long began = System.nanoTime();
            assertEquals(0, spvn.stopped(30), spvn::getLogs);
            assertEquals("done", slow.get().body());
            assertTrue(Duration.ofNanos(System.nanoTime() - began).toSeconds() < 20, "was killed");
        }
    }

    @Test
    void orphansAreReaped() throws IOException, InterruptedException {
        try (Spvn spvn = Spvn.serving("app:app")) {
            spvn.start();
            assertEquals("left", spvn.get("/orphan").body());
            assertTrue(
                    Await.until(SOON, () -> !processes(spvn).contains("(sleep)")),
                    () -> processes(spvn));
        }
    }

    private static String processes(Spvn spvn) {
        try {
            return spvn.execInContainer("sh", "-c", "cat /proc/[0-9]*/stat").getStdout();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void versionNamesWhatIsInside() {
        Outcome outcome = Outcome.of("--version");
        assertEquals(0, outcome.exitCode(), outcome::output);
        assertTrue(
                outcome.output().contains("spvn") && outcome.output().contains("25"),
                outcome::output);
    }

    @Test
    void appThatCannotBeImportedEndsIt() {
        Outcome outcome = Outcome.of("broken:app");
        assertEquals(3, outcome.exitCode(), outcome::output);
        assertTrue(outcome.output().contains("this app does not start"), outcome::output);
    }

    @Test
    void otherProgramsRun() {
        Outcome outcome = Outcome.of("python", "-c", "import sys; print(sys.prefix)");
        assertEquals("/venv", outcome.output().strip());
    }

    @Test
    void listOfWhatIsInsideHasJarsPackagesAndJava() {
        Outcome outcome = Outcome.of("cat", "/usr/share/doc/spvn/sbom.cdx.json");
        for (String name :
                new String[] {"helidon-webserver", "picocli", "a2wsgi", "OpenJDK", "tini"}) {
            assertTrue(outcome.output().contains(name), name);
        }
    }
}
