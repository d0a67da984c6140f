package io.spvn.bridge.process;

import io.spvn.bridge.exchange.Admission;
import io.spvn.bridge.exchange.Exchange;
import io.spvn.bridge.exchange.ResponseSink;
import io.spvn.bridge.worker.Boot;
import io.spvn.bridge.worker.Farewell;
import io.spvn.bridge.worker.Hang;
import io.spvn.bridge.worker.Pulse;
import io.spvn.bridge.worker.PythonSettings;
import io.spvn.bridge.worker.StopOrder;
import io.spvn.bridge.worker.VitalSigns;
import io.spvn.bridge.worker.Worker;
import io.spvn.bridge.worker.WorkerFactory.Place;
import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.bridge.worker.WorkerLife;
import io.spvn.bridge.worker.WorkerSettings;
import io.spvn.bridge.worker.WorkerState;
import io.spvn.bridge.worker.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One child at work. What it says is read by a platform thread of its own, from which responses go
/// to their connections ([Reader]); what it is told is written by whoever has it ([Feeder]).
///
/// The thread lives as long as the child, and closes its connections.
final class ProcessWorker implements Worker {
    private static final System.Logger LOG = System.getLogger(ProcessWorker.class.getName());

    /// How long a child may take to be gone once its connection is, or once it has said its last.
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Place place;
    private final WorkerSettings settings;
    private final Nursery nursery;
    private final Room room;
    private final Pulse pulse = new Pulse();
    private final VitalSigns signs;
    private final Farewell farewell;
    private final Tickets tickets = new Tickets();
    private final WorkerLife life = new WorkerLife();

    private volatile @Nullable Child child;
    private volatile @Nullable Feeder feeder;
    private final StopOrder stop = new StopOrder();
    private volatile boolean killed;
    private volatile String overdue = ""; // what it did not end for in time

    ProcessWorker(Place place, WorkerSettings settings, Nursery nursery, Room room) {
        this.place = place;
        this.settings = settings;
        this.nursery = nursery;
        this.room = room;
        this.signs =
                new VitalSigns(
                        place.number(),
                        pulse,
                        this::askForSignOfLife,
                        settings.crew().hangTimeout(),
                        this::inHand,
                        place.hangLog());
        this.farewell = new Farewell(this::lookAtRequests, settings.stop().streamGrace());
    }

    @Override
    public @Nullable Boot start(Duration limit) throws InterruptedException {
        life.move(WorkerState.BOOTING);
        try {
            begin(nursery.start(place.number()));
        } catch (WorkerFailure failure) {
            end(
                    new Boot(
                            failure.appAtFault() ? Boot.Outcome.IMPORT : Boot.Outcome.FAILED,
                            String.valueOf(failure.getMessage()),
                            failure.traceback(),
                            ""));
            return life.end();
        } catch (InterruptedException | RuntimeException | Error failure) {
            end(Boot.failed("the worker did not run"));
            throw failure;
        }
        return life.awaitServing(limit);
    }

    private void begin(Child started) {
        Feeder fed = feeder(started);
        come(started);
        feeder = fed;
        SideTalk.begin(started.side(), signs);
        Map<String, Object> told = PythonSettings.of(settings, place.number(), place.isolation());
        fed.order(Message.Down.SETTINGS, 2, message -> message.value(told));
        Reader reader =
                new Reader(
                        place,
                        started,
                        new Reader.Parts(tickets, fed, pulse, signs, farewell),
                        this::serves,
                        this::isLeaving);
        Thread.ofPlatform()
                .daemon()
                .name("worker-" + place.number())
                .start(() -> live(started, fed, reader));
    }

    private Feeder feeder(Child started) {
        ResponseSink sink = place.sink();
        Admission admission =
                new Admission(
                        place.requests(),
                        place.listener(),
                        settings.queue().timeout(),
                        refused -> {
                            sink.ready(refused);
                            sink.flush();
                        });
        return new Feeder(
                place.requests(),
                admission,
                tickets,
                sink,
                started.down(),
                room,
                settings.app().rootPath());
    }

    private void live(Child started, Feeder fed, Reader reader) {
        String fault = read(reader);
        try {
            fed.end();
            end(outcome(started, reader, fault));
        } catch (InterruptedException interrupted) {
            end(Boot.failed("interrupted"));
        } finally {
            started.close();
        }
    }

    private String read(Reader reader) {
        try {
            return reader.run();
        } catch (RuntimeException | Error failure) {
            String complaint = "what it sent could not be handled";
            LOG.log(System.Logger.Level.ERROR, complaint, failure);
            return complaint + ": " + failure;
        }
    }

    /// Waits for the end of a child whose connection has ended.
    private Boot outcome(Child started, Reader reader, String fault) throws InterruptedException {
        Boot result = reader.result();
        Duration patience = stop.given() ? stop.left() : LAST_WORDS;
        String end = fault.isEmpty() ? started.awaitEnd(patience) : null;
        if (end == null) {
            started.kill();
            end = started.awaitEnd(LAST_WORDS);
        }
        if (result != null) {
            return result;
        }
        String words = end == null ? "it does not end" : end;
        String message =
                "worker %d (process %d) ended: %s"
                        .formatted(place.number(), started.pid(), fault.isEmpty() ? words : fault);
        boolean byItself = fault.isEmpty() && words.startsWith("exit code");
        return byItself ? new Boot(Boot.Outcome.EXITED, message, "", "") : Boot.failed(message);
    }

    private void end(Boot outcome) {
        pulse.close(System.nanoTime());
        signs.end();
        life.end(outcome);
        place.onEnd().accept(this);
    }

    // ---- the reader's

    private void serves() {
        life.move(WorkerState.SERVING);
        Feeder fed = feeder;
        if (stop.given()) {
            life.move(WorkerState.STOPPING);
        } else if (fed != null) {
            fed.open();
        }
    }

    private void isLeaving(String signal) {
        LOG.log(
                System.Logger.Level.INFO,
                "worker %d (process %d) got %s, and ends".formatted(place.number(), pid(), signal));
        stop(settings.stop().gracefulTimeout());
    }

    // ---- for any thread

    @Override
    public long pid() {
        Child there = child;
        return there == null ? 0 : there.pid();
    }

    private void askForSignOfLife() {
        order(Message.Down.PULSE);
    }

    private void lookAtRequests() {
        order(Message.Down.LOOK);
    }

    private void order(Message.Down kind) {
        Feeder fed = feeder;
        if (fed != null) {
            fed.order(kind);
        }
    }

    @Override
    public WorkerState state() {
        return life.now();
    }

    @Override
    public int load() {
        return tickets.size();
    }

    @Override
    public boolean asleep() {
        Feeder fed = feeder;
        return fed != null && fed.hasRoom();
    }

    /// It takes what waits, as far as the child may have it.
    @Override
    public boolean wake() {
        Feeder fed = feeder;
        if (fed == null) {
            return false;
        }
        fed.feed();
        return true;
    }

    @Override
    public List<Exchange> inHand() {
        return tickets.exchanges();
    }

    @Override
    public long taken() {
        return tickets.added();
    }

    @Override
    public @Nullable Hang hang() {
        return signs.hang();
    }

    @Override
    public WorkerStatus status() {
        return signs.status(place.number(), life.now(), load());
    }

    @Override
    public void tick() {
        if (life.now().isAtLeast(WorkerState.SERVING)) {
            signs.tick();
            farewell.tick(System.nanoTime());
        }
        if (stop.overdue() && life.now() != WorkerState.ENDED) {
            overdue = overdue.isEmpty() ? waitsFor() : overdue;
            kill();
        }
    }

    /// A child that is still to come is killed when it does.
    @Override
    public synchronized void kill() {
        if (!killed && life.now() != WorkerState.ENDED) {
            killed = true;
            killChild();
        }
    }

    private void killChild() {
        Child there = child;
        if (there != null) {
            Thread.ofVirtual().name("worker-kill").start(there::kill);
        }
    }

    private synchronized void come(Child started) {
        child = started;
        if (killed) {
            killChild();
        }
    }

    @Override
    public void drain() {
        farewell.begin();
    }

    @Override
    public synchronized void stop(Duration limit) {
        stop.give(limit);
        Feeder fed = feeder;
        if (fed != null) {
            double seconds = stop.left().toMillis() / 1000.0;
            fed.close();
            fed.order(Message.Down.STOP, 2, message -> message.real(seconds));
        }
        life.move(WorkerState.STOPPING);
    }

    @Override
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return life.await(WorkerState.ENDED, limit) && overdue.isEmpty();
    }

    @Override
    public String waitsFor() {
        WorkerState now = life.now();
        boolean heard = !farewell.waitsFor().isEmpty();
        return now == WorkerState.ENDED ? overdue : farewell.waitsFor(place.number(), now, heard);
    }

    @Override
    public boolean served() {
        Boot end = life.end();
        return farewell.served() || (end != null && end.outcome() == Boot.Outcome.STOPPED);
    }

    @Override
    public @Nullable Boot boot() {
        return life.end();
    }
}
