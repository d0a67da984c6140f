package io.spvn.cli;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.concurrent.CountDownLatch;

/// Lets a command that SIGINT or SIGTERM ends report what it has done. The JVM's end stops the
/// command, waits within bounds for the main thread, and has the exit code of the signal.
final class StopHook {
    private static final int PATIENCE_SECONDS = 15;

    private final CountDownLatch done = new CountDownLatch(1);

    /// From now on a signal stops the command, before it ends the JVM.
    ///
    /// @param stop makes the main thread come to its end soon; called on a thread of the JVM
    void arm(Runnable stop) {
        if (!register(new Thread(() -> stopAndWait(stop), "stop"))) {
            stop.run();
        }
    }

    /// Ends the JVM by halting it, unless a signal is ending it already.
    void end(int exitCode) {
        done.countDown();
        if (register(new Thread(() -> {}))) {
            Runtime.getRuntime().halt(exitCode);
        }
    }

    /// Whether the JVM has taken the hook, which it does until it begins to end.
    private static boolean register(Thread hook) {
        try {
            Runtime.getRuntime().addShutdownHook(hook);
            return true;
        } catch (IllegalStateException _) {
            return false;
        }
    }

    private void stopAndWait(Runnable stop) {
        stop.run();
        try {
            boolean _ = done.await(PATIENCE_SECONDS, SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
