package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.HttpExchange;
import io.spvn.bridge.exchange.Rejected;
import io.spvn.bridge.exchange.Write;
import io.spvn.bridge.worker.FakeWorkers.Fake;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A pool of fake workers, and what its tests look at.
abstract class PoolFixture {
    static final Duration SOON = Duration.ofSeconds(5);
    static final Boot CRASH = Boot.failed("made to end");
    static final Boot NO_MODULE =
            new Boot(Boot.Outcome.IMPORT, "cannot import app", "Traceback ...", "");

    final FakeWorkers workers = new FakeWorkers();
    final AtomicInteger lost = new AtomicInteger();
    final List<WorkerFailure> losses = new CopyOnWriteArrayList<>();
    final AtomicLong clock = new AtomicLong();

    /// What a trial of sub-interpreters comes to.
    Trial.Verdict verdict = new Trial.Verdict(true, "all support them");

    /// Of a kind that cannot be replaced.
    final WorkerPool pool(int size) {
        return pool(Settings.of(size, Isolation.AUTO));
    }

    final WorkerPool pool(WorkerSettings settings) {
        return new WorkerPool(
                settings,
                workers,
                () -> verdict,
                workers::newSink,
                why -> {
                    losses.add(why);
                    lost.incrementAndGet();
                },
                ExchangeListener.NONE,
                clock::get);
    }

    /// Of a kind that can be replaced, and serving.
    final WorkerPool supervised(int size) throws InterruptedException {
        WorkerPool pool = pool(Settings.of(size, Isolation.PROCESS));
        pool.start();
        return pool;
    }

    final WorkerPool started(int size) throws InterruptedException {
        WorkerPool pool = pool(size);
        pool.start();
        return pool;
    }

    interface Step {
        void run() throws InterruptedException;
    }

    static CompletableFuture<Void> inBackground(Step step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.startVirtualThread(
                () -> {
                    try {
                        step.run();
                        done.complete(null);
                    } catch (Throwable failure) {
                        done.completeExceptionally(failure);
                    }
                });
        return done;
    }

    static WorkerFailure failure(CompletableFuture<Void> step) {
        CompletionException thrown = assertThrows(CompletionException.class, step::join);
        return assertInstanceOf(WorkerFailure.class, thrown.getCause());
    }

    final CountDownLatch gate(int nth) {
        CountDownLatch gate = new CountDownLatch(1);
        workers.gates.put(nth, gate);
        return gate;
    }

    /// The nth worker, once it is made.
    final Fake made(int nth) {
        while (workers.made.size() <= nth) {
            Thread.onSpinWait();
        }
        return workers.made.get(nth);
    }

    /// Refusals are given by threads of their own.
    static void assertRefused(HttpExchange exchange, Rejected reason) {
        while (!exchange.settled()) {
            Thread.onSpinWait();
        }
        assertEquals(new Write.Refusal(reason), exchange.nextWrite());
    }

    static List<Integer> numbers(WorkerPool pool) {
        return pool.status().stream().map(WorkerStatus::worker).toList();
    }

    static List<WorkerState> states(WorkerPool pool) {
        return pool.status().stream().map(WorkerStatus::state).toList();
    }
}
