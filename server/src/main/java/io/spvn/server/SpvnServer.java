package io.spvn.server;

import io.spvn.bridge.embedded.EmbeddedWorkers;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.bridge.worker.WorkerPool;
import io.spvn.server.connection.Registry;
import io.spvn.server.http1.Http1Selector;
import io.spvn.server.http1.Http1Settings;
import io.spvn.server.observe.Health;
import io.spvn.server.process.BatchThreads;
import io.spvn.server.process.InheritedDescriptors;
import io.spvn.server.process.OpenFiles;
import io.spvn.server.process.Privileges;
import io.spvn.server.process.ProcDir;
import io.spvn.server.process.Signals;
import io.spvn.server.process.StartFailure;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The running server, and the one place where its parts are put together.
///
///     start: bind (who connects waits) -> privileges dropped -> workers (import, lifespan start-up)
///            -> accept -> ready
///     stop:  not ready -> no more connections -> those in hand are answered, open streams are told
///            to end -> lifespan shutdown -> admin listener closed, all in the graceful timeout
///
/// SIGINT and SIGTERM stop it; a second one, or one during the start, ends the process at once, as
/// does the SIGHUP of a terminal that goes away.
/// Python takes SIGINT for itself when it starts, so the handlers are installed before and after.
public final class SpvnServer {
    /// The version of spvn.
    public static final String VERSION = "0.1.0";

    private static final System.Logger LOG = System.getLogger(SpvnServer.class.getName());

    /// Descriptors that are not connections: listeners, jars, the app's own files and sockets.
    private static final int RESERVED_DESCRIPTORS = 512;

    private static final int EXIT_FAILED = 1;

    /// What a shell makes of an end by SIGHUP.
    private static final int EXIT_HANGUP = 129;

    private final ServerConfig config;
    private final ProcDir procDir;
    private final Privileges privileges;
    private final Listeners listeners;
    private final Ledger ledger = Ledger.ofHeap(Runtime.getRuntime().maxMemory());
    private final Registry registry;
    private final Health health;
    private final @Nullable Admin admin; // null without --admin-bind
    private final WorkerPool workers;
    private final StopTimes stopTimes;
    private final StopReport stopReport;
    private final BatchThreads batchThreads = new BatchThreads();
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final AtomicInteger signals = new AtomicInteger();
    private volatile boolean serving;
    private volatile int exitCode;

    /// Puts the parts together; nothing runs yet.
    private SpvnServer(
            ServerConfig config, Privileges privileges, Listeners listeners, ProcDir procDir) {
        this.procDir = procDir;
        this.config = config;
        this.privileges = privileges;
        this.listeners = listeners;
        this.stopTimes = StopTimes.of(config.worker().gracefulTimeout());
        this.stopReport =
                new StopReport(
                        stopTimes.all(),
                        this::stopWaitsFor,
                        line -> LOG.log(System.Logger.Level.INFO, line));
        this.registry = new Registry(maxConnections(), ledger, this::tick);
        ServerVitals vitals = new ServerVitals(registry, this::workers);
        this.health = new Health(vitals::workers);
        this.admin = Admin.of(config, health, vitals);
        this.workers =
                new WorkerPool(
                        config.worker(),
                        new EmbeddedWorkers(config.worker(), this::pythonStarted),
                        Responder::new,
                        this::workersLost,
                        exchanges());
    }

    private WorkerPool workers() {
        return workers;
    }

    /// Starts a server; it serves when this returns.
    ///
    /// @param inherited descriptors that programs which the app starts inherit, too
    /// @throws StartFailure when it cannot
    public static SpvnServer start(ServerConfig config, InheritedDescriptors inherited)
            throws InterruptedException {
        Privileges privileges = new Privileges(config.process());
        privileges.lookUp();
        ProcDir procDir = new ProcDir(config.process().directory());
        procDir.open(privileges);
        privileges.applyUmask();
        try {
            Listeners listeners = Listeners.bind(config, privileges);
            try {
                SpvnServer server = new SpvnServer(config, privileges, listeners, procDir);
                server.begin(inherited);
                return server;
            } catch (StartFailure failure) {
                listeners.close();
                throw failure;
            }
        } catch (StartFailure failure) {
            procDir.close();
            throw failure;
        }
    }

    private void begin(InheritedDescriptors inherited) throws InterruptedException {
        Signals.handle(this::stopSignal);
        registry.start();
        try {
            if (admin != null) {
                admin.open();
            }
            inherited.closeOthersOnExec();
            dropPrivileges();
            startWorkers();
        } catch (StartFailure failure) {
            closeOwnThreads();
            throw failure;
        }
        listeners.accept(selector(), maxConnections(), stopTimes.connections());
        serving = true;
        health.serving();
        announce();
    }

    /// A Python that the user may not read is started before, without the app. It can go on with
    /// what it has read until then.
    private void dropPrivileges() throws InterruptedException {
        Path library = config.worker().python().library();
        if (privileges.mayRead(library)) {
            privileges.drop();
            return;
        }
        LOG.log(
                System.Logger.Level.WARNING,
                ("--user %s may not read %s: it is started before, and the app cannot import more of"
                                + " it; choose a Python that this user may read")
                        .formatted(config.process().user(), library));
    }

    private void startWorkers() throws InterruptedException {
        try {
            workers.start();
        } catch (WorkerFailure failure) {
            throw new StartFailure(
                    failure.appAtFault() ? StartFailure.Fault.APP : StartFailure.Fault.ENVIRONMENT,
                    String.valueOf(failure.getMessage()),
                    failure.traceback());
        }
    }

    private Http1Selector selector() {
        Http1Settings settings = new Http1Settings(config.timeouts(), config.limits().body());
        return new Http1Selector(workers, registry, settings, exchanges());
    }

    private ExchangeListener exchanges() {
        return admin == null ? ExchangeListener.NONE : admin.exchanges();
    }

    private void closeOwnThreads() throws InterruptedException {
        registry.close();
        if (admin != null) {
            admin.close();
        }
    }

    private void tick() {
        workers.tick();
        if (admin != null) {
            admin.tick();
        }
        batchThreads.tick();
        stopReport.tick(System.nanoTime());
    }

    private List<String> stopWaitsFor() {
        List<String> things = new ArrayList<>();
        things.addAll(StopReport.counted(registry.size(), "connection"));
        int requests = workers.queueDepth() + workers.inFlight();
        things.addAll(StopReport.counted(requests, "request"));
        things.addAll(workers.waitsFor());
        return things;
    }

    private void pythonStarted() {
        privileges.drop();
        Signals.handle(this::stopSignal);
    }

    private void workersLost() {
        exitCode = EXIT_FAILED;
        health.lost();
        stop();
    }

    /// As many as there is room for in the heap, and fewer than there are descriptors.
    private int maxConnections() {
        if (config.limits().connections() > 0) {
            return config.limits().connections();
        }
        return (int) Math.min(ledger.mostConnections(), connectionsByDescriptors());
    }

    private static int connectionsByDescriptors() {
        return OpenFiles.ofProcess()
                .map(files -> Math.clamp(files.most() - RESERVED_DESCRIPTORS, 64, 1_000_000))
                .orElse(4096);
    }

    private void stopSignal(String name) {
        if (name.equals(Signals.HANGUP)) {
            endAtOnce("SIGHUP, the terminal has gone: ending at once", EXIT_HANGUP);
        }
        if (signals.incrementAndGet() > 1) {
            endAtOnce("second signal (SIG" + name + "): ending at once", EXIT_FAILED);
        }
        if (!serving) { // nobody waits for a start-up that is not wanted
            endAtOnce("SIG" + name + " during the start: ending at once", EXIT_FAILED);
        }
        LOG.log(
                System.Logger.Level.INFO,
                "SIG%s: stopping, within %s; a second signal ends at once"
                        .formatted(name, seconds(stopTimes.all())));
        stop();
    }

    private void endAtOnce(String reason, int exitCode) {
        LOG.log(System.Logger.Level.WARNING, reason); // written when this returns
        listeners.abandon();
        Runtime.getRuntime().halt(exitCode);
    }

    private static String seconds(Duration time) {
        return BigDecimal.valueOf(time.toMillis(), 3).stripTrailingZeros().toPlainString() + " s";
    }

    private void announce() {
        int size = workers.size();
        LOG.log(
                System.Logger.Level.INFO,
                "spvn %s on %s: %d worker%s, %s, Python %s"
                        .formatted(
                                VERSION,
                                String.join(", ", listeners.urls()),
                                size,
                                size == 1 ? "" : "s",
                                workers.isolation(),
                                config.worker().python().version()));
    }

    /// Asks the server to stop. For any thread; returns at once.
    public void stop() {
        health.stopping();
        stopRequested.countDown();
    }

    private Duration left(long began) {
        Duration left = stopTimes.all().minusNanos(System.nanoTime() - began);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Waits until the server has been asked to stop, and stops it.
    ///
    /// @return the exit code of the process
    public int await() throws InterruptedException {
        stopRequested.await();
        long began = System.nanoTime();
        stopReport.begin(began);
        workers.drain();
        registry.stop(stopTimes.requests());
        listeners.close();
        boolean ended = workers.stop(left(began));
        closeOwnThreads();
        int code = report(ended, (System.nanoTime() - began) / 1e9);
        procDir.close();
        return code;
    }

    /// An app that was served to the end has stopped, though its threads or exit handlers live on.
    private int report(boolean ended, double seconds) {
        if (ended) {
            LOG.log(System.Logger.Level.INFO, after("stopped", seconds));
            return exitCode;
        }
        String alive = String.join(", ", workers.waitsFor());
        boolean served = workers.served();
        LOG.log(
                System.Logger.Level.WARNING,
                after("stopped without waiting any longer for " + alive + ",", seconds));
        return served ? exitCode : EXIT_FAILED;
    }

    private static String after(String what, double seconds) {
        return String.format(Locale.ROOT, "%s after %.1f s", what, seconds);
    }
}
