package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Attacks.LONG;
import static io.spvn.loadtest.attack.Attacks.assertBetween;
import static io.spvn.loadtest.attack.Attacks.failures;
import static io.spvn.loadtest.attack.Attacks.ms;
import static io.spvn.loadtest.attack.Attacks.run;
import static io.spvn.loadtest.attack.Plans.addsUp;
import static io.spvn.loadtest.attack.Plans.open;
import static io.spvn.loadtest.attack.ScriptedServer.ok;
import static io.spvn.loadtest.attack.ScriptedServer.wire;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Attacks on servers that do not answer.
@Timeout(30)
class AttackFailureTest {

    @Test
    void nobodyListens_allAreRefusedAndItEndsOnTime() throws IOException {
        Target target = Target.of("http://127.0.0.1:" + ScriptedServer.freePort() + "/", false);
        long began = System.nanoTime();
        Run run = run(new Plan(target, Request.get(), open(500, 4), ms(500), LONG));
        assertEquals(Map.of(ErrorKind.REFUSED, 250L), run.errors());
        assertEquals(0, run.responses());
        assertEquals(0.0, run.successRatio());
        assertBetween(450, 4_000, System.nanoTime() - began, "time taken");
    }

    @Test
    void nobodyListens_closedLoop_restsBetweenItsTries() throws IOException {
        Target target = Target.of("http://127.0.0.1:" + ScriptedServer.freePort() + "/", false);
        Run run = run(new Plan(target, Request.get(), new Load.Closed(4), ms(500), LONG));
        assertEquals(Set.of(ErrorKind.REFUSED), run.errors().keySet());
        assertTrue(run.failures() >= 4 && run.failures() <= 44, run.errors().toString());
    }

    @Test
    void server_thatDiesMidRun_leavesResponsesThenErrors() throws Exception {
        CountDownLatch enough = new CountDownLatch(100);
        ScriptedServer server =
                ScriptedServer.answering(
                        _ -> {
                            enough.countDown();
                            return ok();
                        });
        try (server) {
            Thread killer = Thread.startVirtualThread(() -> closeAfter(enough, server));
            Run run = run(server, open(400, 4), ms(500));
            killer.join();
            assertEquals(200, run.requests());
            assertTrue(run.responses() >= 80 && run.responses() < 150, run.statuses().toString());
            assertTrue(failures(run, ErrorKind.REFUSED) > 50, run.errors().toString());
            assertEquals(0, failures(run, ErrorKind.MALFORMED));
            assertEquals(0, run.unfinished());
        }
    }

    private static void closeAfter(CountDownLatch latch, ScriptedServer server) {
        try (server) {
            latch.await();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void server_thatComesBack_isUsedAgainByAllConnections() throws Exception {
        int port = ScriptedServer.freePort();
        Target target = Target.of("http://127.0.0.1:" + port + "/", false);
        AtomicLong errors = new AtomicLong();
        Attack attack = new Attack(new Plan(target, Request.get(), open(100, 4), ms(1_600), LONG));
        List<ScriptedServer> started = new ArrayList<>();
        Run run =
                attack.run(
                        progress -> {
                            if (started.isEmpty()) {
                                errors.set(progress.errors());
                                started.add(on(port));
                            }
                        });
        try (ScriptedServer server = started.getFirst()) {
            addsUp(run);
            assertTrue(errors.get() > 50, "errors before: " + errors);
            assertTrue(run.responses() > 30, "responses after: " + run.statuses());
            assertTrue(failures(run, ErrorKind.REFUSED) >= errors.get());
            assertEquals(160, run.requests());
            assertEquals(4, server.accepted());
        }
    }

    private static ScriptedServer on(int port) {
        try {
            return ScriptedServer.answeringOn(port, _ -> ok());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void server_thatClosesInsteadOfAnswering_givesErrorsAndNoResponse() throws IOException {
        try (ScriptedServer server = ScriptedServer.talking(ScriptedServer.Peer::request)) {
            Run run = run(server, open(400, 4), ms(250));
            assertEquals(Map.of(ErrorKind.CLOSED, 100L), run.errors());
            assertEquals(0, run.responses());
        }
    }

    @Test
    void server_thatClosesInTheMiddleOfABody_givesErrors() throws IOException {
        ScriptedServer.Conversation half =
                peer -> {
                    peer.request();
                    peer.answer(wire("HTTP/1.1 200 OK\nContent-Length: 10\n\nhalf"));
                };
        try (ScriptedServer server = ScriptedServer.talking(half)) {
            Run run = run(server, open(400, 4), ms(250));
            assertEquals(Map.of(ErrorKind.CLOSED, 100L), run.errors());
        }
    }

    @Test
    void server_thatResetsInsteadOfAnswering_givesErrors() throws IOException {
        ScriptedServer.Conversation reset =
                peer -> {
                    peer.request();
                    peer.reset();
                };
        try (ScriptedServer server = ScriptedServer.talking(reset)) {
            Run run = run(server, open(400, 4), ms(250));
            assertEquals(Map.of(ErrorKind.RESET, 100L), run.errors());
        }
    }

    /// The first 8 connections end with a reset while nearly all of them have nothing to do.
    private static ScriptedServer resettingTheFirst8() throws IOException {
        return ScriptedServer.talking(
                peer -> {
                    if (peer.server().accepted() <= 8) {
                        Thread.sleep(30);
                        peer.reset();
                        return;
                    }
                    while (true) {
                        peer.request();
                        Thread.sleep(20);
                        peer.answer(ok());
                    }
                });
    }

    @Test
    void idleConnections_thatAreReset_areOpenedAgainEachOnce() throws IOException {
        try (ScriptedServer server = resettingTheFirst8()) {
            Load busyLater = new Load.Open(new Pacer.Ramp(1, 800, ms(600)), 8);
            Run run = run(server, busyLater, ms(600));
            assertTrue(run.failures() <= 8, run.errors().toString());
            assertEquals(0, run.unfinished());
            assertEquals(8, server.mostInFlight());
            assertTrue(server.accepted() <= 16, "accepted: " + server.accepted());
        }
    }

    @Test
    void garbage_isNoResponse() throws IOException {
        try (ScriptedServer server =
                ScriptedServer.answering(_ -> wire("SSH-2.0-OpenSSH_9.9 and so on\n"))) {
            Run run = run(server, open(400, 4), ms(250));
            assertEquals(Map.of(ErrorKind.MALFORMED, 100L), run.errors());
            assertEquals(0, run.responses());
        }
    }

    @Test
    void server_thatNeverAnswers_endsWhenTheLastHasWaited() throws IOException {
        try (ScriptedServer server = ScriptedServer.talking(ScriptedServer.Peer::awaitEnd)) {
            long began = System.nanoTime();
            Run run = run(server, Request.get(), open(5_000, 2), ms(500), ms(400));
            long took = System.nanoTime() - began;
            assertEquals(2_500, run.failures());
            assertEquals(Set.of(ErrorKind.TIMEOUT, ErrorKind.UNSENT), run.errors().keySet());
            assertTrue(failures(run, ErrorKind.TIMEOUT) >= 2);
            assertEquals(0, run.responses());
            assertBetween(850, 5_000, took, "time taken");
        }
    }

    @Test
    void closedLoop_onAServerThatNeverAnswers_timesOutAndGoesOn() throws IOException {
        try (ScriptedServer server = ScriptedServer.talking(ScriptedServer.Peer::awaitEnd)) {
            Run run = run(server, Request.get(), new Load.Closed(2), ms(700), ms(200));
            assertEquals(Set.of(ErrorKind.TIMEOUT), run.errors().keySet());
            assertTrue(run.failures() >= 2 && run.failures() <= 6, run.errors().toString());
            assertTrue(run.unfinished() <= 2);
        }
    }

    /// Also those that could not be opened in the beginning are used: 6 of 8 wait for an answer.
    @Test
    void connectionsThatCouldNotBeOpened_areTriedAgain() throws IOException {
        try (ScriptedServer server = ScriptedServer.crowded(2, _ -> ok())) {
            Run run = run(server, Request.get(), new Load.Closed(8), ms(300), ms(400));
            assertTrue(run.responses() > 0, run.errors().toString());
            assertTrue(run.unfinished() + run.failures() >= 6, "unfinished: " + run.unfinished());
        }
    }

    /// Some connections are never accepted; their requests have no response in time, and those that
    /// are accepted serve the others.
    @Test
    void moreConnectionsThanTheServerAccepts_loseOnlyTheirOwnRequests() throws IOException {
        try (ScriptedServer server = ScriptedServer.crowded(2, _ -> ok())) {
            long began = System.nanoTime();
            Run run = run(server, Request.get(), open(100, 8), ms(500), ms(500));
            assertEquals(50, run.requests());
            assertEquals(0, run.unfinished());
            assertTrue(run.responses() > 0, run.errors().toString());
            assertTrue(run.failures() > 0);
            assertBetween(0, 8_000, System.nanoTime() - began, "time taken");
        }
    }
}
