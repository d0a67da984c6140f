package io.spvn.cli;

import io.spvn.bridge.worker.AppFault;
import io.spvn.server.OwnLog;
import io.spvn.server.process.LogFile;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The log of the process: one handler.
final class Logging {
    private static final String TELEMETRY = "io.opentelemetry.";
    private static final List<String> INTERNAL =
            List.of("io.helidon.", TELEMETRY, "java.", "jdk.", "sun.", "javax.");

    private static final String START_OF_HELIDON = "io.helidon.webserver.LoomServer";

    private Logging() {}

    static void start(LogSettings settings) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.setLevel(settings.level().threshold());
        root.addHandler(handler(settings));
        Thread.setDefaultUncaughtExceptionHandler(Logging::report);
    }

    /// Waits, within bounds, until all that was logged is written.
    static void flush() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            handler.flush();
        }
    }

    /// What ends a thread is a record like any other.
    private static void report(Thread thread, Throwable failure) {
        System.getLogger(Logging.class.getName())
                .log(System.Logger.Level.ERROR, "internal error in " + thread.getName(), failure);
    }

    /// Why the program ends.
    static void report(Complaint complaint, Throwable failure) {
        System.getLogger(Logging.class.getName())
                .log(
                        System.Logger.Level.ERROR,
                        complaint.line(),
                        complaint.internal() ? failure : AppFault.of(complaint.detail()));
    }

    /// The log, as the server sees it.
    static OwnLog own() {
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler instanceof LogHandler own) {
                return own;
            }
        }
        throw new IllegalStateException("the log has not been started");
    }

    private static Handler handler(LogSettings settings) {
        Path path = settings.file();
        LogFile file = path == null ? LogFile.error() : LogFile.of(path);
        file.open();
        Handler handler = new LogHandler(format(settings), file);
        handler.setLevel(settings.level().threshold());
        handler.setFilter(withoutInternals());
        return handler;
    }

    private static Formatter format(LogSettings settings) {
        ZoneId zone = ZoneId.systemDefault();
        return settings.style() == LogStyle.JSON
                ? new JsonLogFormat(zone, settings.stackTraces())
                : new LogFormat(zone, settings.stackTraces(), settings.colors());
    }

    /// Passes of what others say in the JVM only warnings and errors, and of what Helidon says
    /// about a failed start, and OpenTelemetry about what was not sent, nothing: our own server
    /// reports that.
    static Filter withoutInternals() {
        return record ->
                !isInternal(record.getLoggerName())
                        || (record.getLevel().intValue() >= Level.WARNING.intValue()
                                && !isReported(record.getLoggerName()));
    }

    private static boolean isReported(String logger) {
        return logger.equals(START_OF_HELIDON) || logger.startsWith(TELEMETRY);
    }

    private static boolean isInternal(@Nullable String logger) {
        return logger != null && INTERNAL.stream().anyMatch(logger::startsWith);
    }
}
