package io.spvn.server;

import io.spvn.bridge.worker.WorkerPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What the server says of its own life, in lines of the log. Said by the thread that starts and
/// stops it.
final class Announcements {
    private static final System.Logger LOG = System.getLogger(Announcements.class.getName());

    private Announcements() {}

    /// The start is over.
    ///
    /// @param urls of the addresses
    /// @param python its version
    /// @return the line that says so
    static String serving(List<String> urls, WorkerPool workers, String python) {
        String line =
                "spvn %s on %s: %d worker%s, %s, Python %s"
                        .formatted(
                                SpvnServer.VERSION,
                                String.join(", ", urls),
                                workers.size(),
                                workers.size() == 1 ? "" : "s",
                                workers.isolation(),
                                python);
        LOG.log(System.Logger.Level.INFO, line);
        return line;
    }

    /// Python has to be started with the rights of root.
    static void pythonOutOfReach(@Nullable String user, Path library) {
        LOG.log(
                System.Logger.Level.WARNING,
                ("--user %s may not read %s: it is started before, and the app cannot import more of"
                                + " it; choose a Python that this user may read")
                        .formatted(user, library));
    }

    /// Certificates were read with the rights of root, and cannot be read again.
    static void certificateOutOfReach(@Nullable String user, Path file) {
        LOG.log(
                System.Logger.Level.WARNING,
                ("--user %s may not read %s: certificates are not exchanged while the server runs;"
                                + " let this user read them, or restart to renew them")
                        .formatted(user, file));
    }

    /// Addresses that send clients to others.
    static void redirecting(List<String> urls) {
        if (!urls.isEmpty()) {
            LOG.log(
                    System.Logger.Level.INFO,
                    String.join(", ", urls) + ": clients are sent to https");
        }
    }

    /// All has come to its end.
    static void stopped(Duration took) {
        LOG.log(System.Logger.Level.INFO, after("stopped", took));
    }

    /// The time was up.
    ///
    /// @param alive what has not come to its end
    static void stoppedWithout(List<String> alive, Duration took) {
        String what = "stopped without waiting any longer for " + String.join(", ", alive) + ",";
        LOG.log(System.Logger.Level.WARNING, after(what, took));
    }

    private static String after(String what, Duration took) {
        return String.format(Locale.ROOT, "%s after %.1f s", what, took.toNanos() / 1e9);
    }
}
