package io.spvn.loadtest.compare;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// All processes of a comparison. None outlives it: [#close] kills those that are left, and after
/// it none is started. Any thread.
final class Children implements AutoCloseable {
    private final Set<Child> living = new LinkedHashSet<>();
    private final Thread hook = Thread.ofPlatform().name("kill-servers").unstarted(this::killAll);
    private boolean hooked;
    private boolean closed;

    /// Runs a program to its end, or kills it when its time is up.
    ///
    /// @param log gets all that it writes
    /// @return whether it ended in time and well
    /// @throws Stopped after [#killAll]
    boolean run(ProcessBuilder builder, Path log, Duration time) throws IOException {
        Child child = start(builder, log);
        boolean ended = child.await(time);
        child.kill();
        forget(child);
        return ended && child.exitCode() == 0;
    }

    /// Starts a process that reads nothing.
    ///
    /// @param log gets all that it writes
    /// @throws Stopped after [#killAll]
    Child start(ProcessBuilder builder, Path log) throws IOException {
        return start(
                builder.redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile()));
    }

    /// Starts a process.
    ///
    /// @throws Stopped after [#killAll]
    synchronized Child start(ProcessBuilder builder) throws IOException {
        if (closed) {
            throw new Stopped();
        }
        if (!hooked) {
            Runtime.getRuntime().addShutdownHook(hook);
            hooked = true;
        }
        Child child = new Child(builder.start());
        living.add(child);
        return child;
    }

    /// Forgets a process that has ended.
    synchronized void forget(Child child) {
        living.remove(child);
    }

    /// Kills all, and lets none start any more.
    void killAll() {
        left().forEach(Child::kill);
    }

    private synchronized List<Child> left() {
        closed = true;
        return List.copyOf(living);
    }

    @Override
    public void close() {
        killAll();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending; the hook runs, and finds nothing left to do.
        }
    }
}
