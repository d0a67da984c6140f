package io.spvn.bridge.worker;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.worker.WorkerSettings.App;
import io.spvn.bridge.worker.WorkerSettings.Crew;
import io.spvn.bridge.worker.WorkerSettings.Queue;
import io.spvn.bridge.worker.WorkerSettings.Stop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Settings that exist are legal ones.
final class WorkerSettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration NONE = Duration.ZERO;

    private static void assertRefused(String message, Executable construction) {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, construction);
        assertEquals(message, refused.getMessage());
    }

    private static App app(Duration startupTimeout, String rootPath) {
        AppRef ref = new AppRef("m:app", Path.of(""), AppInterface.AUTO, false);
        return new App(ref, LifespanMode.AUTO, startupTimeout, rootPath, List.of(), Map.of());
    }

    @Test
    void app() {
        assertDoesNotThrow(() -> app(SECOND, ""));
        assertDoesNotThrow(() -> app(SECOND, "/api"));
        assertRefused(
                "rootPath must start with a slash and not end with one: api",
                () -> app(SECOND, "api"));
        assertRefused(
                "rootPath must start with a slash and not end with one: /api/",
                () -> app(SECOND, "/api/"));
        assertRefused("startupTimeout must be more than zero, not PT0S", () -> app(NONE, ""));
    }

    private static Crew crew(int size, Isolation isolation, EventLoop loop) {
        return new Crew(size, isolation, loop, NONE, false);
    }

    @Test
    void crew_fitsItsInterpreters() {
        assertDoesNotThrow(() -> crew(1, Isolation.MAIN, EventLoop.UVLOOP));
        assertDoesNotThrow(() -> crew(1, Isolation.AUTO, EventLoop.UVLOOP));
        assertDoesNotThrow(() -> crew(2, Isolation.SUBINTERPRETER, EventLoop.ASYNCIO));
        assertRefused(
                "size must be at least 1, not 0", () -> crew(0, Isolation.AUTO, EventLoop.AUTO));
        assertRefused(
                "the main interpreter is one worker, not 2",
                () -> crew(2, Isolation.MAIN, EventLoop.AUTO));
        assertDoesNotThrow(() -> crew(2, Isolation.AUTO, EventLoop.UVLOOP));
        assertDoesNotThrow(() -> crew(2, Isolation.PROCESS, EventLoop.UVLOOP));
        assertRefused(
                "uvloop does not run in a sub-interpreter",
                () -> crew(1, Isolation.SUBINTERPRETER, EventLoop.UVLOOP));
        assertRefused(
                "hangTimeout must not be negative, but is PT-1S",
                () -> new Crew(1, Isolation.AUTO, EventLoop.AUTO, SECOND.negated(), false));
        assertRefused(
                "only processes can be forked",
                () -> new Crew(1, Isolation.MAIN, EventLoop.AUTO, NONE, true));
    }

    @Test
    void queue() {
        assertRefused("size must be at least 1, not 0", () -> new Queue(0, SECOND));
        assertRefused("timeout must be more than zero, not PT0S", () -> new Queue(1, NONE));
        assertEquals(6, new Queue(2, SECOND).capacity(3));
        assertEquals(Integer.MAX_VALUE, new Queue(Integer.MAX_VALUE, SECOND).capacity(2));
    }

    @Test
    void stop() {
        assertRefused(
                "gracefulTimeout must be more than zero, not PT-1S",
                () -> new Stop(SECOND.negated(), SECOND));
        assertRefused("streamGrace must be more than zero, not PT0S", () -> new Stop(SECOND, NONE));
    }
}
