package io.spvn.bridge.worker;

import io.spvn.bridge.exchange.Exchange;

/// What is logged of the app, and for its Python side. For any thread.
public final class AppLog {
    private static final System.Logger LOG = System.getLogger("io.spvn.app");

    // The levels of Python's logging.
    private static final long ERROR = 40;
    private static final long WARNING = 30;
    private static final long INFO = 20;

    private AppLog() {}

    /// Logs what the app's side says.
    ///
    /// @param level one of Python's logging
    public static void log(long level, String message) {
        LOG.log(severity(level), message);
    }

    /// The level that one of Python's logging comes nearest to.
    public static System.Logger.Level severity(long level) {
        if (level >= ERROR) {
            return System.Logger.Level.ERROR;
        }
        if (level >= WARNING) {
            return System.Logger.Level.WARNING;
        }
        return level >= INFO ? System.Logger.Level.INFO : System.Logger.Level.DEBUG;
    }

    /// The app has let an exception out.
    public static void raised(Exchange exchange, String traceback) {
        LOG.log(
                System.Logger.Level.ERROR,
                "exception in the app, " + exchange,
                AppFault.of(exchange, traceback));
    }

    /// The app has returned with its response unfinished.
    public static void incomplete(Exchange exchange) {
        LOG.log(
                System.Logger.Level.ERROR,
                "the app returned without completing its response, " + exchange,
                AppFault.of(exchange, ""));
    }
}
