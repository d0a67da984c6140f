package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ResponseSink;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Workers that run nothing: a test says how they start, when they sleep and when they end.
final class FakeWorkers implements WorkerFactory {
    private static final Boot STOPPED = new Boot(Boot.Outcome.STOPPED, "", "", "");
    static final Boot KILLED = Boot.failed("signal 9 (SIGKILL)");

    final List<Fake> made = new CopyOnWriteArrayList<>();
    final List<Sink> sinks = new CopyOnWriteArrayList<>();

    /// What those made as the nth (from 0) end with in place of serving.
    final Map<Integer, Boot> failures = new ConcurrentHashMap<>();

    /// Hold up the start of those made as the nth.
    final Map<Integer, CountDownLatch> gates = new ConcurrentHashMap<>();

    /// Whether workers end as soon as they are told to stop.
    volatile boolean obedient = true;

    /// Whether workers take requests by themselves, on threads of their own.
    volatile boolean busy;

    /// Requests that they have taken then.
    final AtomicInteger taken = new AtomicInteger();

    @Override
    public Worker make(Place place) {
        Fake fake = new Fake(place, gates.get(made.size()), failures.get(made.size()));
        made.add(fake);
        return fake;
    }

    ResponseSink newSink() {
        Sink sink = new Sink();
        sinks.add(sink);
        return sink;
    }

    Fake last() {
        return made.getLast();
    }

    static final class Sink implements ResponseSink {
        final AtomicInteger ticks = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();

        @Override
        public void ready(Exchange exchange) {}

        @Override
        public void flush() {}

        @Override
        public void tick() {
            ticks.incrementAndGet();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    final class Fake implements Worker {
        final Place place;
        final WorkerLife life = new WorkerLife();
        final AtomicBoolean asleep = new AtomicBoolean();
        final AtomicInteger wakes = new AtomicInteger();
        final AtomicInteger kills = new AtomicInteger();
        final List<Duration> stops = new CopyOnWriteArrayList<>();
        final List<Duration> waits = new CopyOnWriteArrayList<>();
        final AtomicReference<Runnable> afterLook = new AtomicReference<>(() -> {});
        final List<Exchange> inHand = new CopyOnWriteArrayList<>();
        volatile boolean drained;
        volatile boolean hung;
        volatile long pid;
        volatile int load;
        volatile @Nullable Boot boot;

        private final Thread thread = Thread.ofVirtual().unstarted(this::work);
        private final @Nullable CountDownLatch gate;
        private final @Nullable Boot failure;

        Fake(Place place, @Nullable CountDownLatch gate, @Nullable Boot failure) {
            this.place = place;
            this.gate = gate;
            this.failure = failure;
        }

        @Override
        public @Nullable Boot start(Duration limit) throws InterruptedException {
            life.move(WorkerState.BOOTING);
            if (gate != null) {
                gate.await();
            }
            if (failure != null) {
                end(failure);
            } else if (kills.get() > 0) {
                end(KILLED);
            } else if (stops.isEmpty()) {
                asleep.set(!busy);
                life.move(WorkerState.SERVING);
                if (busy) {
                    thread.start();
                }
            } else {
                end(STOPPED);
            }
            return boot;
        }

        private void work() {
            while (stops.isEmpty()) {
                Exchange request = take();
                if (request != null) {
                    taken.incrementAndGet();
                    continue;
                }
                asleep.set(true);
                if (place.requests().isEmpty() && stops.isEmpty()) {
                    awaitWake();
                }
                asleep.set(false);
            }
            end(STOPPED);
        }

        private void awaitWake() {
            while (asleep.get()) {
                LockSupport.park(this);
            }
        }

        /// It ends, by itself unless it was told to stop.
        void end(Boot how) {
            endSilently(how);
            tellEnd();
        }

        /// It has ended, and nobody has heard so.
        void endSilently(Boot how) {
            boot = how;
            asleep.set(false);
            life.move(WorkerState.ENDED);
        }

        void tellEnd() {
            place.onEnd().accept(this);
        }

        /// What is to happen once somebody has seen its state.
        void lookedAt(Runnable next) {
            afterLook.set(next);
        }

        /// What it takes from the queue.
        @Nullable Exchange take() {
            return place.requests().poll();
        }

        @Override
        public WorkerState state() {
            WorkerState now = life.now();
            afterLook.getAndSet(() -> {}).run();
            return now;
        }

        @Override
        public int load() {
            return load;
        }

        @Override
        public boolean asleep() {
            return asleep.get();
        }

        @Override
        public boolean wake() {
            boolean woken = asleep.compareAndSet(true, false);
            if (woken) {
                wakes.incrementAndGet();
                LockSupport.unpark(thread);
            }
            return woken;
        }

        @Override
        public List<Exchange> inHand() {
            return inHand;
        }

        @Override
        public long taken() {
            return taken.get();
        }

        @Override
        public @Nullable Hang hang() {
            return null;
        }

        @Override
        public WorkerStatus status() {
            return new WorkerStatus(
                    place.number(),
                    life.now(),
                    hung,
                    Duration.ZERO,
                    Duration.ZERO,
                    load,
                    WorkerStatus.Host.UNKNOWN);
        }

        @Override
        public void tick() {}

        @Override
        public void drain() {
            drained = true;
        }

        @Override
        public void stop(Duration limit) {
            stops.add(limit);
            life.move(WorkerState.STOPPING);
            if (busy) {
                asleep.set(false);
                LockSupport.unpark(thread);
            } else if (obedient && life.now() == WorkerState.STOPPING) {
                end(STOPPED);
            }
        }

        @Override
        public void kill() {
            if (place.isolation().replaceable() && life.now() != WorkerState.ENDED) {
                kills.incrementAndGet();
                if (gate != null) {
                    gate.countDown();
                }
                if (life.now() != WorkerState.BOOTING) {
                    end(KILLED);
                }
            }
        }

        @Override
        public long pid() {
            return pid;
        }

        @Override
        public boolean awaitEnd(Duration limit) throws InterruptedException {
            waits.add(limit);
            return life.await(WorkerState.ENDED, limit);
        }

        @Override
        public String waitsFor() {
            return life.now() == WorkerState.ENDED ? "" : "fake " + place.number();
        }

        @Override
        public boolean served() {
            return life.now() == WorkerState.ENDED;
        }

        @Override
        public @Nullable Boot boot() {
            return boot;
        }
    }
}
