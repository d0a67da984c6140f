package io.spvn.server;

import io.helidon.webserver.WebServer;
import io.spvn.bridge.embedded.EmbeddedWorkers;
import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.bridge.exchange.Ledger;
import io.spvn.bridge.foreign.Words;
import io.spvn.bridge.process.ProcessWorkers;
import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.bridge.worker.WorkerPool;
import io.spvn.server.connection.Registry;
import io.spvn.server.observe.Health;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.process.BatchThreads;
import io.spvn.server.process.InheritedDescriptors;
import io.spvn.server.process.LentVariables;
import io.spvn.server.process.OpenFiles;
import io.spvn.server.process.Privileges;
import io.spvn.server.process.ProcDir;
import io.spvn.server.process.ServiceNotices;
import io.spvn.server.process.StartFailure;
import io.spvn.server.tls.TlsFailure;
import io.spvn.server.tls.TlsLayer;
import io.spvn.server.watch.Watch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The server, and the one place where its parts are put together.
///
///     start: certificates -> pid file -> bind (who connects waits) -> privileges dropped -> workers (import, lifespan
///            start-up) -> accept -> ready
///     stop:  not ready -> no more connections -> those in hand are answered, open streams are told
///            to end -> lifespan shutdown -> admin listener closed, all in the graceful timeout
///            -> pid file removed
///
/// What signals do is in [StopSignals]. Started and awaited by one thread, once per process.
public final class SpvnServer {
    /// The version of spvn.
    public static final String VERSION = "0.1.0";

    private final ServerConfig config;
    private final InheritedDescriptors inherited;
    private final StopTimes stopTimes;
    private final int maxConnections;
    private final ProcDir procDir;
    private final Privileges privileges;
    private final Listeners listeners;
    private final ServiceNotices manager;
    private final StopRequest stopRequest;
    private final StopSignals signals;
    private final Registry registry;
    private final Health health = new Health();
    private final ProcessWorkers processes;
    private final WorkerPool workers;
    private @Nullable Development development; // null without --watch
    private final Protocols protocols;
    private final LogFiles logs;
    private final @Nullable Admin admin; // null without --admin-bind
    private final StopReport stopReport;

    /// Has a thread make ready what each start needs, beside what comes before one: the reading of
    /// options.
    public static void headStart() {
        Thread.ofPlatform().daemon().name("head-start").start(Words::makeReady);
    }

    /// Puts the parts together; nothing runs yet.
    ///
    /// @param given values of the options that were given, without secrets; people are shown them
    /// @param inherited descriptors that programs which the app starts inherit, too
    /// @param own the server's own log
    public SpvnServer(
            ServerConfig config,
            Map<String, String> given,
            InheritedDescriptors inherited,
            OwnLog own) {
        this.config = config;
        this.logs = new LogFiles(own, config.logs());
        this.inherited = inherited;
        this.stopTimes = StopTimes.of(config.worker().stop().gracefulTimeout());
        this.procDir = new ProcDir(config.process().directory());
        this.privileges = new Privileges(config.process());
        this.listeners = Listeners.of(config);
        this.manager = new ServiceNotices(config.process().manager(), listeners::areWell);
        this.stopRequest = new StopRequest(health);
        this.processes = processes(config);
        this.signals = stopSignals(stopTimes, stopRequest, listeners, procDir, processes);
        signals.telling(manager);

        Ticks ticks = new Ticks();
        Ledger ledger = Ledger.ofHeap(Runtime.getRuntime().maxMemory());
        this.maxConnections = mostConnections(config, ledger);
        this.registry = new Registry(maxConnections, ledger, ticks);

        RequestMeters meters = config.adminBind() == null ? null : new RequestMeters();
        ExchangeListener exchanges = logs.listener(meters);
        this.workers = workers(config, processes, privileges, signals, stopRequest, exchanges);
        this.protocols =
                new Protocols(
                        config,
                        registry,
                        workers,
                        exchanges,
                        meters,
                        ticks,
                        listeners::redirectTarget);
        ServerVitals vitals = new ServerVitals(registry, workers);
        this.admin = Admin.of(config, given, meters, health, vitals, listeners, workers);
        this.stopReport = StopReport.of(stopTimes.all(), registry, workers);
        add(ticks);
    }

    private static int mostConnections(ServerConfig config, Ledger ledger) {
        return ConnectionLimit.of(
                config.limits().connections(), ledger.mostConnections(), OpenFiles.ofProcess());
    }

    private void add(Ticks ticks) {
        ticks.add(workers::tick);
        ticks.add(logs::tick);
        if (admin != null) {
            ticks.add(admin::tick);
        }
        ticks.add(new BatchThreads()::tick);
        ticks.add(stopReport::tick);
        ticks.add(manager::tick);
    }

    private static ProcessWorkers processes(ServerConfig config) {
        return new ProcessWorkers(config.worker(), config.process().directory(), variables(config));
    }

    /// What the app is to see of the environment, put into one of Java's making.
    static Consumer<Map<String, String>> variables(ServerConfig config) {
        return environment -> {
            LentVariables.restoreIn(environment);
            environment.putAll(config.worker().app().variables());
        };
    }

    private static StopSignals stopSignals(
            StopTimes times,
            StopRequest request,
            Listeners listeners,
            ProcDir procDir,
            ProcessWorkers processes) {
        return new StopSignals(
                times.all(),
                request::ask,
                exitCode -> {
                    listeners.abandon();
                    procDir.close();
                    processes.abandon();
                    Runtime.getRuntime().halt(exitCode);
                },
                System::nanoTime);
    }

    private static WorkerPool workers(
            ServerConfig config,
            ProcessWorkers processes,
            Privileges privileges,
            StopSignals signals,
            StopRequest request,
            ExchangeListener exchanges) {
        Runnable onPythonStarted =
                () -> {
                    privileges.drop();
                    signals.install();
                };
        EmbeddedWorkers embedded = new EmbeddedWorkers(config.worker(), onPythonStarted);
        return new WorkerPool(
                config.worker(),
                new KindsOfWorkers(embedded, processes, privileges),
                Trials.of(config, privileges),
                Responder::new,
                request::workersLost,
                exchanges);
    }

    /// Starts the server; it serves when this returns.
    ///
    /// @throws StartFailure when it cannot; then nothing is left of it
    public void start() throws InterruptedException {
        try {
            begin();
        } catch (InterruptedException | RuntimeException | Error failure) {
            try (procDir;
                    listeners) {
                closeOwnThreads();
            }
            throw failure;
        }
        announce();
    }

    private void begin() throws InterruptedException {
        LentVariables.add(config.worker().app().variables());
        privileges.lookUp();
        loadCertificates();
        privileges.applyUmask();
        logs.open(privileges);
        procDir.open(privileges);
        listeners.bind(privileges);
        signals.install();
        registry.start();
        if (admin != null) {
            admin.open(privileges);
        }
        inherited.closeOthersOnExec();
        dropPrivileges();
        Future<WebServer> web =
                listeners.prepare(
                        protocols.selector(),
                        protocols.redirect(),
                        maxConnections,
                        stopTimes.connections());
        startWorkers();
        logs.keepSignal();
        accept(web);
        watchCertificates();
        signals.serving();
        health.serving();
    }

    /// With the rights that the server was started with: keys are often root's.
    private void loadCertificates() {
        TlsLayer tls = protocols.tls();
        if (tls == null) {
            return;
        }
        try {
            tls.load();
        } catch (TlsFailure failure) {
            throw StartFailure.ofEnvironment(String.valueOf(failure.getMessage()));
        }
        signals.reading(() -> tls.reload("asked for by SIGHUP"));
    }

    private void watchCertificates() throws InterruptedException {
        TlsLayer tls = protocols.tls();
        if (tls == null) {
            return;
        }
        for (Path file : tls.files()) {
            if (!privileges.mayRead(file)) {
                Announcements.certificateOutOfReach(config.process().user(), file);
                return;
            }
        }
        tls.watch();
    }

    /// Waits until the server has been asked to stop, and stops it.
    ///
    /// @return the exit code of the process
    public int await() throws InterruptedException {
        stopRequest.await();
        try {
            return stop(System.nanoTime());
        } finally {
            procDir.close();
        }
    }

    private int stop(long began) throws InterruptedException {
        stopReport.begin(began);
        manager.stopping();
        endDevelopment();
        workers.drain();
        listeners.retire();
        registry.stop(stopTimes.requests());
        listeners.close();
        boolean ended = workers.stop(stopTimes.left(since(began)));
        closeOwnThreads();
        if (ended) {
            Announcements.stopped(since(began));
            return stopRequest.exitCode(true);
        }
        List<String> alive = workers.waitsFor();
        boolean served = workers.served(); // then only threads or exit handlers of the app live on
        Announcements.stoppedWithout(alive, since(began));
        return stopRequest.exitCode(served);
    }

    private void endDevelopment() {
        Development begun = development;
        if (begun != null) {
            begun.close();
        }
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private void closeOwnThreads() throws InterruptedException {
        processes.close();
        registry.close();
        protocols.close();
        if (admin != null) {
            admin.close();
        }
        logs.close();
    }

    /// A Python that the user may not read is started before, without the app. It can go on with
    /// what it has read until then.
    private void dropPrivileges() throws InterruptedException {
        Path library = config.worker().python().library();
        if (privileges.mayRead(library)) {
            privileges.drop();
            return;
        }
        Announcements.pythonOutOfReach(config.process().user(), library);
    }

    private void startWorkers() throws InterruptedException {
        try {
            workers.choose();
            if (workers.replaceable()) {
                signals.installFor(new PoolSignals(workers));
            }
            runWorkers();
        } catch (WorkerFailure failure) {
            throw new StartFailure(
                    failure.appAtFault() ? StartFailure.Fault.APP : StartFailure.Fault.ENVIRONMENT,
                    String.valueOf(failure.getMessage()),
                    failure.traceback());
        }
    }

    private void runWorkers() throws InterruptedException {
        Watch watch = config.watch();
        if (watch == null) {
            workers.start();
            return;
        }
        Development begun = new Development(watch, workers);
        development = begun;
        try {
            begun.start();
        } catch (InterruptedException | RuntimeException | Error failure) {
            begun.close();
            workers.stop(stopTimes.all());
            throw failure;
        }
    }

    private void accept(Future<WebServer> web) throws InterruptedException {
        try {
            listeners.accept(web);
        } catch (RuntimeException | Error failure) {
            workers.stop(stopTimes.all());
            throw failure;
        }
    }

    private void announce() {
        Announcements.redirecting(listeners.redirecting());
        String python = config.worker().python().version();
        manager.ready(Announcements.serving(listeners.urls(), workers, python));
    }
}
