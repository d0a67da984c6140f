package io.spvn.server;

import io.spvn.bridge.exchange.ExchangeListener;
import io.spvn.server.access.AccessFormat;
import io.spvn.server.access.AccessLog;
import io.spvn.server.access.AccessSettings;
import io.spvn.server.observe.RequestMeters;
import io.spvn.server.process.LogFile;
import io.spvn.server.process.Privileges;
import io.spvn.server.process.Signals;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The logs of the server: its own, and that of requests where one is asked for. SIGUSR1 has their
/// files opened anew. Opened and closed by one thread.
final class LogFiles {
    private static final System.Logger LOG = System.getLogger(LogFiles.class.getName());

    private final OwnLog own;
    private final LogFile requests;
    private final @Nullable AccessLog access; // null without --access-log

    LogFiles(OwnLog own, @Nullable AccessSettings settings) {
        Path file = settings == null ? null : settings.file();
        this.own = own;
        this.requests = file == null ? LogFile.output() : LogFile.of(file);
        this.access =
                settings == null
                        ? null
                        : new AccessLog(AccessFormat.of(settings.format()), requests);
    }

    /// Who is told what becomes of requests.
    ///
    /// @param meters count it; null for nobody
    ExchangeListener listener(@Nullable RequestMeters meters) {
        if (meters != null && access != null) {
            meters.accessLog(access::lost);
        }
        return Listening.of(meters, access);
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
    }

    void close() throws InterruptedException {
        if (access != null) {
            access.close();
        }
    }
}
