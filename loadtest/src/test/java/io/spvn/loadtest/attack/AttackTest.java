package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Attacks.LONG;
import static io.spvn.loadtest.attack.Attacks.assertAllAnswered;
import static io.spvn.loadtest.attack.Attacks.assertBetween;
import static io.spvn.loadtest.attack.Attacks.ms;
import static io.spvn.loadtest.attack.Attacks.run;
import static io.spvn.loadtest.attack.Plans.addsUp;
import static io.spvn.loadtest.attack.Plans.open;
import static io.spvn.loadtest.attack.ScriptedServer.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The loads and the times of attacks, over real sockets on a server that follows a script.
@Timeout(30)
class AttackTest {

    /// Classes are loaded and code is compiled before times are looked at.
    @BeforeAll
    static void warmUp() {
        Warmup.run();
    }

    /// 600 requests in 3 s, of which those between the 200th and the 400th are due while nothing is
    /// answered. The 4 that a connection had taken wait in the server, all others wait for them.
    /// What is told at the wrong place is off by the second, or is not there; a slow machine is off
    /// by less.
    @Test
    void server_thatStallsForASecond_showsItWhereItBelongs() throws IOException {
        AtomicLong stall = new AtomicLong();
        AtomicLong count = new AtomicLong();
        ScriptedServer.Answer answer =
                _ -> {
                    if (count.incrementAndGet() == 200) {
                        stall.set(System.nanoTime() + ms(1_000).toNanos());
                    }
                    long left = stall.get() == 0 ? 0 : stall.get() - System.nanoTime();
                    if (left > 0) {
                        Thread.sleep(Duration.ofNanos(left));
                    }
                    return ok();
                };
        try (ScriptedServer server = ScriptedServer.answering(answer)) {
            Run run = run(server, open(200, 4), ms(3_000));
            assertAllAnswered(600, run);
            Percentiles latency = run.latency().percentiles();
            assertBetween(0, 500, latency.p50(), "p50");
            assertBetween(600, 1_000, latency.p90(), "p90");
            assertBetween(930, 2_000, latency.p99(), "p99");
            assertBetween(990, 2_000, latency.max(), "max");
            assertBetween(120, 500, latency.mean(), "mean");
            Percentiles service = run.service().percentiles();
            assertBetween(0, 500, service.p50(), "service p50");
            assertBetween(0, 500, service.p90(), "service p90");
            assertBetween(990, 2_000, service.max(), "service max");
            assertBetween(0, 500, run.lag().percentiles().p99(), "lag p99");
        }
    }

    @Test
    void openLoop_steady_answersEachRequestOnce() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            Run run = run(server, open(1_000, 8), ms(500));
            assertAllAnswered(500, run);
            assertEquals(500, server.requests());
            assertEquals(8, server.accepted());
            assertEquals(500 / (run.elapsed().toNanos() / 1e9), run.rate(), 1e-6);
            assertTrue(run.elapsed().compareTo(ms(500)) >= 0);
            assertEquals(500L * ok().length, run.bytesReceived());
            assertEquals(500L * Request.get().bytes(server.target()).length, run.bytesSent());
        }
    }

    @Test
    void openLoop_dues_areSpreadOverTheWholeTime() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            Run run = run(server, open(500, 4), ms(500));
            assertEquals(
                    List.of(50L, 50L, 50L, 50L, 50L),
                    run.intervals().stream().limit(5).map(Interval::due).toList());
        }
    }

    /// Requests of a low rate must not wait for the next tick of something else, which is that of
    /// progress, at a second.
    @Test
    void openLoop_slowRate_firesEachRequestWhenItIsDue() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            Run run = run(server, open(4, 2), ms(750));
            assertAllAnswered(3, run);
            assertBetween(0, 400, run.latency().percentiles().max(), "max");
        }
    }

    /// The one connection becomes free at about the time at which the next request is due, so that
    /// the loop is often starved until just then.
    @Test
    void openLoop_freeJustWhenTheNextIsDue_losesNoWakeUp() throws IOException {
        ScriptedServer.Answer answer =
                _ -> {
                    Thread.sleep(10);
                    return ok();
                };
        try (ScriptedServer server = ScriptedServer.answering(answer)) {
            Run run = run(server, open(90, 1), ms(700));
            assertAllAnswered(63, run);
            assertBetween(0, 400, run.lag().percentiles().max(), "lag");
        }
    }

    @Test
    void ramp_answersTheAreaUnderIt() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            Load ramp = new Load.Open(new Pacer.Ramp(100, 900, ms(500)), 8);
            Run run = run(server, ramp, ms(500));
            assertAllAnswered(250, run);
            List<Long> due = run.intervals().stream().limit(5).map(Interval::due).toList();
            assertEquals(due.stream().sorted().toList(), due);
            assertTrue(due.getLast() > 3 * due.getFirst(), due.toString());
        }
    }

    @Test
    void progress_isToldAboutOnceASecond() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            List<Progress> told = new ArrayList<>();
            Attack attack =
                    new Attack(
                            new Plan(
                                    server.target(), Request.get(), open(100, 2), ms(1_300), LONG));
            addsUp(attack.run(told::add));
            assertEquals(1, told.size());
            Progress first = told.getFirst();
            assertBetween(1_000, 2_000, first.elapsed().toNanos(), "elapsed");
            assertEquals(ms(1_300), first.total());
            assertEquals(100, first.rate(), 30);
            assertTrue(first.p50Nanos() > 0);
            assertTrue(first.p99Nanos() >= first.p50Nanos());
            assertEquals(0, first.errors());
        }
    }

    /// The first requests are answered once all connections have sent theirs.
    @Test
    void closedLoop_hasNeverMoreInFlightThanItsConnections_andSendsAgainAtOnce()
            throws IOException {
        CountDownLatch all = new CountDownLatch(4);
        ScriptedServer.Answer answer =
                _ -> {
                    all.countDown();
                    all.await();
                    Thread.sleep(5);
                    return ok();
                };
        Run run = assertClosed(4, 200, answer);
        // Had each rested for as long as after a failure, it would be 50 ms.
        double rest = restAfterAnAnswer(4, run) / 1e6;
        assertTrue(rest < 25, "rest: " + rest + " ms");
        Percentiles latency = run.latency().percentiles();
        assertEquals(latency.p50() / 1e6, run.service().percentiles().p50() / 1e6, 1);
    }

    /// A closed loop that is ended once the server has read so many requests, whatever time they
    /// take.
    private static Run assertClosed(int connections, int requests, ScriptedServer.Answer answer)
            throws IOException {
        CompletableFuture<Attack> attack = new CompletableFuture<>();
        AtomicInteger left = new AtomicInteger(requests);
        ScriptedServer.Answer last =
                request -> {
                    if (left.decrementAndGet() == 0) {
                        attack.join().stop();
                    }
                    return answer.to(request);
                };
        try (ScriptedServer server = ScriptedServer.answering(last)) {
            Load load = new Load.Closed(connections);
            attack.complete(
                    new Attack(new Plan(server.target(), Request.get(), load, ms(20_000), LONG)));
            Run run = addsUp(attack.join().run(_ -> {}));
            assertEquals(Map.of(), run.errors());
            assertEquals(connections, server.accepted());
            assertTrue(server.mostInFlight() <= connections, "" + server.mostInFlight());
            assertTrue(run.unfinished() <= connections, "unfinished: " + run.unfinished());
            assertTrue(run.responses() >= requests - connections, "" + run.responses());
            return run;
        }
    }

    /// How long a connection had nothing to do after an answer, on average: what is left of the
    /// time of all when that of their requests is taken off, which grows with a slow server or
    /// machine.
    private static double restAfterAnAnswer(int connections, Run run) {
        Percentiles latency = run.latency().percentiles();
        double all = (double) connections * run.elapsed().toNanos();
        double requests = (double) latency.count() * latency.mean();
        double givenUp = (double) run.unfinished() * latency.max();
        return (all - requests - givenUp) / latency.count();
    }

    @Test
    void twoThousandConnections_areAllUsed() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            Run run = run(server, open(8_000, 2_000), ms(500));
            assertAllAnswered(4_000, run);
            assertEquals(2_000, server.accepted());
        }
    }

    @Test
    void twoThousandConnections_closedLoop_addUp() throws IOException {
        assertClosed(2_000, 4_000, _ -> ok());
    }
}
