package io.spvn.bridge.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CombinerTest {
    private final Combiner combiner = new Combiner();

    @Test
    void run_oneAfterTheOther_eachDoesTheWork() {
        AtomicInteger runs = new AtomicInteger();
        combiner.run(runs::incrementAndGet);
        combiner.run(runs::incrementAndGet);
        assertEquals(2, runs.get());
    }

    @Test
    void run_whileAnotherDoesTheWork_returnsAtOnce_andIsServedByTheFirst() {
        List<String> steps = new ArrayList<>();
        combiner.run(
                () -> {
                    steps.add("work");
                    if (steps.size() == 1) {
                        combiner.run(() -> steps.add("not here"));
                        combiner.run(() -> steps.add("nor here"));
                        steps.add("two have called");
                    }
                });
        assertEquals(List.of("work", "two have called", "work"), steps);
    }

    @Test
    void run_byManyThreads_oneAtATime_andNoCallIsLost() throws InterruptedException {
        int threads = 8;
        int calls = 2000;
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger within = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        Runnable work =
                () -> {
                    assertEquals(1, within.incrementAndGet());
                    served.set(asked.get());
                    within.decrementAndGet();
                };
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            started.add(
                    Thread.ofPlatform()
                            .start(
                                    () -> {
                                        for (int call = 0; call < calls; call++) {
                                            asked.incrementAndGet();
                                            combiner.run(work);
                                        }
                                    }));
        }
        for (Thread each : started) {
            each.join();
        }
        assertEquals(threads * calls, served.get());
    }
}
