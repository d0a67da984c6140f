package io.spvn.server;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.spvn.bridge.worker.AppInterface;
import io.spvn.bridge.worker.AppRef;
import io.spvn.bridge.worker.EventLoop;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.LifespanMode;
import io.spvn.bridge.worker.PythonEnvironment;
import io.spvn.bridge.worker.WorkerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// A configuration that exists is a legal one.
final class ServerConfigTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final List<Bind> BINDS = List.of(new Bind.Tcp("127.0.0.1", 0));

    @Test
    void legal() {
        assertDoesNotThrow(() -> config(BINDS, 1, 0, SECOND, 0777));
    }

    @Test
    void illegal() {
        assertRefused(() -> config(List.of(), 1, 0, SECOND, null));
        assertRefused(() -> config(BINDS, 0, 0, SECOND, null));
        assertRefused(() -> config(BINDS, 1, -1, SECOND, null));
        assertRefused(() -> config(BINDS, 1, 0, Duration.ZERO, null));
        assertRefused(() -> config(BINDS, 1, 0, SECOND, 01000));
        assertRefused(() -> worker(0, Isolation.AUTO, "", 1, SECOND));
        assertRefused(() -> worker(2, Isolation.MAIN, "", 1, SECOND));
        assertRefused(() -> worker(1, Isolation.AUTO, "api", 1, SECOND));
        assertRefused(() -> worker(1, Isolation.AUTO, "/api/", 1, SECOND));
        assertRefused(() -> worker(1, Isolation.AUTO, "", 0, SECOND));
        assertRefused(() -> worker(1, Isolation.AUTO, "", 1, SECOND.negated()));
    }

    private static void assertRefused(Executable construction) {
        assertThrows(IllegalArgumentException.class, construction);
    }

    private static ServerConfig config(
            List<Bind> binds,
            int backlog,
            int limitConnections,
            Duration timeout,
            @Nullable Integer umask) {
        return new ServerConfig(
                binds,
                backlog,
                false,
                umask,
                limitConnections,
                0,
                timeout,
                timeout,
                timeout,
                timeout,
                null,
                null,
                umask,
                null,
                null,
                worker(1, Isolation.AUTO, "/api", 1, SECOND));
    }

    private static WorkerSettings worker(
            int workers, Isolation isolation, String rootPath, int queueSize, Duration timeout) {
        Path here = Path.of("");
        return new WorkerSettings(
                new AppRef("m:app", here, AppInterface.AUTO, false),
                new PythonEnvironment(here, here, "3.13.0", here),
                workers,
                isolation,
                EventLoop.AUTO,
                LifespanMode.AUTO,
                SECOND,
                SECOND,
                SECOND,
                rootPath,
                List.of(),
                queueSize,
                timeout,
                Duration.ZERO);
    }
}
