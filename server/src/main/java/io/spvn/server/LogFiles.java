package io.spvn.server;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.ServerConfig.Logs;
import io.spvn.server.access.AccessFormat;
import io.spvn.server.access.AccessLog;
import io.spvn.server.access.AccessSettings;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.process.LogFile;
import io.spvn.server.process.Privileges;
import io.spvn.server.process.Signals;
import io.spvn.server.process.StartFailure;
import io.spvn.server.tracing.Tracing;
import io.spvn.server.tracing.TracingSettings;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What the server tells: its own log, and where that is asked for a log and spans of requests.
/// SIGUSR1 has the files opened anew. Opened and closed by one thread.
final class LogFiles {
    private static final System.Logger LOG = System.getLogger(LogFiles.class.getName());

    private final OwnLog own;
    private final LogFile requests;
    private final @Nullable AccessLog access; // null without --access-log
    private final @Nullable Tracing tracing; // null without --trace-endpoint

    LogFiles(OwnLog own, Logs logs) {
        AccessSettings settings = logs.access();
        TracingSettings traced = logs.tracing();
        Path file = settings == null ? null : settings.file();
        this.own = own;
        this.requests = file == null ? LogFile.output() : LogFile.of(file);
        this.access =
                settings == null
                        ? null
                        : new AccessLog(AccessFormat.of(settings.format()), requests);
        this.tracing = traced == null ? null : new Tracing(traced, SpvnServer.VERSION);
    }

    /// Who is told what becomes of requests.
    ///
    /// @param meters count it; null for nobody
    ExchangeListener listener(@Nullable RequestMeters meters) {
        if (meters != null && access != null) {
            meters.accessLog(access::lost);
        }
        if (meters != null && tracing != null) {
            meters.tracing(tracing::lost);
        }
        return Listening.of(meters, access, tracing);
    }

    /// Opens the files, while there are the rights to do so.
    void open(Privileges privileges) throws InterruptedException {
        own.file().handOver(privileges);
        Signals.handleReopen(_ -> reopen());
        if (access != null) {
            requests.open();
            requests.handOver(privileges);
            access.start();
        }
        if (tracing != null) {
            start(tracing);
        }
    }

    private static void start(Tracing tracing) {
        try {
            tracing.start();
        } catch (IOException | IllegalArgumentException failure) {
            throw StartFailure.ofEnvironment(
                    "spans cannot be sent: the certificate of the collector's signer cannot be"
                            + " used: "
                            + failure.getMessage());
        }
    }

    /// Takes SIGUSR1 back from the app, where there are files to be opened anew.
    void keepSignal() {
        if (own.file().isFile() || (access != null && requests.isFile())) {
            Signals.handleReopen(_ -> reopen());
        }
    }

    /// On a thread of the JVM.
    private void reopen() {
        own.reopen();
        if (access != null) {
            access.reopen();
        }
        LOG.log(System.Logger.Level.INFO, "SIGUSR1: log files are opened anew");
    }

    /// To be called from time to time; does not block.
    void tick() {
        if (access != null) {
            access.tick();
        }
        if (tracing != null) {
            tracing.tick();
        }
    }

    void close() throws InterruptedException {
        if (access != null) {
            access.close();
        }
        if (tracing != null) {
            tracing.close();
        }
    }
}
