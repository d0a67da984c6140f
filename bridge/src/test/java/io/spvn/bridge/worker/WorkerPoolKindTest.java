package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.spvn.bridge.worker.FakeWorkers.Fake;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What the workers of a pool run the app in, and what follows when a module refuses it.
@Timeout(20)
class WorkerPoolKindTest extends PoolFixture {
    private static final Boot REFUSED =
            new Boot(Boot.Outcome.REFUSED, "m does not support sub-interpreters", "", "m");

    private List<Isolation> kinds() {
        return workers.made.stream().map(fake -> fake.place.isolation()).toList();
    }

    private static boolean refuse(Fake fake, String module) {
        return fake.place.onRefusal().test(module);
    }

    /// Until so many have ended.
    private void awaitEnds(int count) {
        while (workers.made.stream().filter(fake -> fake.state() == WorkerState.ENDED).count()
                < count) {
            Thread.onSpinWait();
        }
    }

    @Test
    void start_takesWhatTheTrialSays() throws InterruptedException {
        WorkerPool safe = started(2);
        assertEquals("subinterpreter", safe.isolation());
        verdict = new Trial.Verdict(false, "m does not support sub-interpreters");
        workers.made.clear();
        WorkerPool unsafe = started(2);
        assertEquals("process", unsafe.isolation());
        assertEquals(List.of(Isolation.PROCESS, Isolation.PROCESS), kinds());
    }

    @Test
    void start_thatIsRefused_goesOnWithProcesses() throws InterruptedException {
        workers.failures.put(0, REFUSED);
        WorkerPool pool = started(2);
        assertEquals(
                List.of(Isolation.SUBINTERPRETER, Isolation.PROCESS, Isolation.PROCESS), kinds());
        assertEquals(List.of(0, 1), numbers(pool));
        assertEquals(List.of(WorkerState.SERVING, WorkerState.SERVING), states(pool));
        assertEquals("process", pool.isolation());
        assertEquals(1, workers.sinks.get(0).closed.get());
    }

    @Test
    void start_whoseSecondWorkerIsRefused_leavesNoneOfTheFirstKind() throws InterruptedException {
        workers.failures.put(1, REFUSED);
        WorkerPool pool = started(2);
        awaitEnds(2);
        assertEquals(
                List.of(
                        Isolation.SUBINTERPRETER,
                        Isolation.SUBINTERPRETER,
                        Isolation.PROCESS,
                        Isolation.PROCESS),
                kinds());
        assertEquals(WorkerState.ENDED, made(0).state());
        assertEquals(List.of(0, 1), numbers(pool));
        assertEquals(0, lost.get());
    }

    @Test
    void start_thatIsRefusedWhatWasAskedFor_fails() {
        workers.failures.put(0, REFUSED);
        WorkerPool pool = pool(Settings.of(2, Isolation.SUBINTERPRETER));
        WorkerFailure failure = assertThrows(WorkerFailure.class, pool::start);
        assertTrue(failure.appAtFault());
        assertEquals(
                "m does not support sub-interpreters, which --isolation subinterpreter demands;"
                        + " use --isolation process",
                failure.getMessage());
    }

    @Test
    void refusalWhileServing_bringsProcessesInOneAfterTheOther() throws InterruptedException {
        WorkerPool pool = started(2);
        assertTrue(refuse(made(1), "m"));
        assertTrue(refuse(made(0), "n")); // which changes nothing
        awaitEnds(2);
        assertEquals(
                List.of(
                        Isolation.SUBINTERPRETER,
                        Isolation.SUBINTERPRETER,
                        Isolation.PROCESS,
                        Isolation.PROCESS),
                kinds());
        assertEquals(List.of(0, 1), numbers(pool));
        assertEquals(List.of(WorkerState.SERVING, WorkerState.SERVING), states(pool));
        assertEquals("process", pool.isolation());
        assertEquals(0, lost.get());
    }

    @Test
    void refusalWhileServing_whereProcessesDoNotStart_leavesTheOthersAtWork()
            throws InterruptedException {
        WorkerPool pool = started(2);
        workers.failures.put(2, NO_MODULE);
        assertTrue(refuse(made(1), "m"));
        made(2);
        awaitEnds(1);
        assertEquals(List.of(WorkerState.SERVING, WorkerState.SERVING), states(pool));
        assertEquals(WorkerState.SERVING, made(0).state());
        assertEquals(WorkerState.SERVING, made(1).state());
    }

    @Test
    void refusalWhileServing_whereItWasAskedFor_changesNothing() throws InterruptedException {
        WorkerPool pool = pool(Settings.of(2, Isolation.SUBINTERPRETER));
        pool.start();
        assertFalse(refuse(made(1), "m"));
        assertEquals("subinterpreter", pool.isolation());
        assertEquals(2, workers.made.size());
    }
}
