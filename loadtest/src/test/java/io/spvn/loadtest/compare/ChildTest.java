package io.spvn.loadtest.compare;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class ChildTest {
    private final Children children = new Children();

    @AfterEach
    void killAll() {
        children.close();
    }

    @Test
    void end_killsGrandchildrenThatTheParentLeavesBehind() throws IOException {
        Child child =
                shell("sleep 100 & sleep 100 & trap 'exit 0' TERM; while :; do sleep 0.1; done");
        List<ProcessHandle> family = family(3);
        long before = System.nanoTime();
        child.end(Duration.ofSeconds(10));
        assertTrue(System.nanoTime() - before < SECONDS.toNanos(8), "SIGTERM was enough");
        assertFalse(child.isAlive());
        family.forEach(ChildTest::assertGone);
    }

    @Test
    void end_killsWhatIgnoresTheSignal() throws IOException {
        Child child = shell("trap '' TERM; while :; do sleep 0.1; done");
        family(2);
        child.end(Duration.ofMillis(200));
        assertFalse(child.isAlive());
    }

    @Test
    void descendants_areRememberedAfterTheParentHasEnded() throws IOException {
        Child child = shell("sleep 100 & sleep 0.5");
        List<ProcessHandle> family = family(2);
        child.ticks();
        assertTrue(child.await(Duration.ofSeconds(10)));
        child.kill();
        family.forEach(ChildTest::assertGone);
    }

    @Test
    void ticks_countTheWholeFamily() throws IOException {
        Child child = shell("(while :; do :; done) & sleep 100");
        long deadline = System.nanoTime() + SECONDS.toNanos(20);
        while (child.ticks() < 10 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        assertTrue(child.ticks() >= 10);
        assertTrue(child.residentKib() > 0);
    }

    @Test
    void afterKillAll_nothingIsStarted() throws IOException {
        Child child = shell("sleep 100");
        children.killAll();
        assertFalse(child.isAlive());
        assertThrows(Stopped.class, () -> shell("sleep 100"));
    }

    @Test
    void exitCode_isThatOfTheProcess() throws IOException {
        Child child = shell("exit 3");
        assertTrue(child.await(Duration.ofSeconds(10)));
        assertEquals(3, child.exitCode());
    }

    private static void assertGone(ProcessHandle member) {
        assertFalse(
                member.isAlive() && !ProcFiles.isZombie(member.pid()), () -> member + " is left");
    }

    private Child shell(String script) throws IOException {
        return children.start(new ProcessBuilder("sh", "-c", script));
    }

    /// The processes under this one, once there are so many.
    private static List<ProcessHandle> family(int count) {
        long deadline = System.nanoTime() + SECONDS.toNanos(10);
        List<ProcessHandle> family = ProcessHandle.current().descendants().toList();
        while (family.size() < count && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            family = ProcessHandle.current().descendants().toList();
        }
        return family;
    }
}
