package io.spvn.loadtest.compare;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A process that was started here, with all its descendants. Descendants are remembered, as those
/// that a dead parent leaves behind are nobody's any more. Any thread.
final class Child {
    private static final Duration LAST_WAIT = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofMillis(5);

    private final Process process;
    private final Set<ProcessHandle> family = new LinkedHashSet<>();

    Child(Process process) {
        this.process = process;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Waits for its end.
    ///
    /// @return whether it ended in time
    boolean await(Duration time) {
        try {
            return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    int exitCode() {
        return process.exitValue();
    }

    /// CPU time of the whole family in clock ticks.
    long ticks() {
        return family().stream().mapToLong(handle -> ProcFiles.ticks(handle.pid())).sum();
    }

    /// Resident memory of the whole family in KiB; pages that several share count for each.
    long residentKib() {
        return family().stream().mapToLong(handle -> ProcFiles.residentKib(handle.pid())).sum();
    }

    /// Asks it to end (SIGTERM), and kills the whole family when it or one of its descendants does
    /// not.
    void end(Duration patience) {
        family();
        process.destroy();
        await(patience);
        kill();
    }

    /// Kills the whole family at once, and waits until it is gone.
    void kill() {
        Set<ProcessHandle> members = family();
        members.forEach(ProcessHandle::destroyForcibly);
        members.forEach(Child::awaitEnd);
        await(LAST_WAIT);
    }

    private static void awaitEnd(ProcessHandle member) {
        long deadline = System.nanoTime() + LAST_WAIT.toNanos();
        while (lives(member) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    /// Members that live.
    private synchronized Set<ProcessHandle> family() {
        family.add(process.toHandle());
        Set<ProcessHandle> known = new LinkedHashSet<>(family);
        known.forEach(member -> member.descendants().forEach(family::add));
        family.removeIf(member -> !lives(member));
        return new LinkedHashSet<>(family);
    }

    /// One that has ended but whose new parent has not waited for it is as good as gone.
    private static boolean lives(ProcessHandle member) {
        return member.isAlive() && !ProcFiles.isZombie(member.pid());
    }
}
