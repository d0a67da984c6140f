package io.spvn.loadtest.attack;

import static io.spvn.loadtest.attack.Attacks.LONG;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Attacks that are ended before their time.
@Timeout(30)
class AttackStopTest {

    static Stream<Load> loads() {
        return Stream.of(new Load.Closed(4), open(200, 4));
    }

    @ParameterizedTest
    @MethodSource("loads")
    void stop_midRun_returnsSoonWithWhatWasDone(Load load) throws Exception {
        CountDownLatch enough = new CountDownLatch(20);
        ScriptedServer.Answer answer =
                _ -> {
                    enough.countDown();
                    Thread.sleep(50);
                    return ok();
                };
        try (ScriptedServer server = ScriptedServer.answering(answer)) {
            Attack attack = new Attack(plan(server, load, ms(20_000)));
            AtomicLong stopped = new AtomicLong();
            Thread stopper =
                    Thread.startVirtualThread(
                            () -> {
                                await(enough);
                                stopped.set(System.nanoTime());
                                attack.stop();
                            });
            Run run = addsUp(attack.run(_ -> {}));
            stopper.join();
            assertBetween(0, 2_000, System.nanoTime() - stopped.get(), "stopping");
            assertTrue(run.stopped());
            assertTrue(run.elapsed().compareTo(ms(10_000)) < 0);
            assertTrue(run.responses() >= 16, run.statuses().toString());
            assertEquals(0, run.failures());
        }
    }

    private static Plan plan(ScriptedServer server, Load load, Duration duration) {
        return new Plan(server.target(), Request.get(), load, duration, LONG);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Of 200 requests in a second only those of two connections are ever begun.
    @Test
    void stop_whileRequestsWait_countsThemAsUnfinished() throws IOException {
        try (ScriptedServer server = ScriptedServer.talking(ScriptedServer.Peer::awaitEnd)) {
            Plan plan = plan(server, open(200, 2), ms(5_000));
            Attack attack = new Attack(plan);
            Run run = addsUp(attack.run(_ -> attack.stop()));
            assertTrue(run.stopped());
            assertEquals(run.requests(), run.unfinished());
            assertTrue(run.requests() >= 200 && run.requests() < 1_000, "" + run.requests());
        }
    }

    @Test
    void stop_whenAllWereSentAndOneIsNotAnswered_isEarly() throws IOException {
        try (ScriptedServer server = ScriptedServer.talking(ScriptedServer.Peer::awaitEnd)) {
            Plan plan = plan(server, open(10, 4), ms(100));
            Attack attack = new Attack(plan);
            Run run = addsUp(attack.run(_ -> attack.stop()));
            assertTrue(run.stopped());
            assertEquals(1, run.unfinished());
            assertEquals(ms(100), run.elapsed());
        }
    }

    @ParameterizedTest
    @MethodSource("loads")
    void stop_beforeTheBeginning_sendsNothing(Load load) throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            Attack attack = new Attack(plan(server, load, ms(9_000)));
            attack.stop();
            Run run = addsUp(attack.run(_ -> {}));
            assertTrue(run.stopped());
            assertEquals(run.requests(), run.unfinished());
            assertEquals(0, server.requests());
        }
    }

    @Test
    void interrupt_isAStopAndStaysSet() throws IOException {
        try (ScriptedServer server = ScriptedServer.answering(_ -> ok())) {
            Thread.currentThread().interrupt();
            Run run = new Attack(plan(server, open(10, 1), ms(9_000))).run(_ -> {});
            assertTrue(Thread.interrupted());
            assertTrue(addsUp(run).stopped());
        }
    }
}
