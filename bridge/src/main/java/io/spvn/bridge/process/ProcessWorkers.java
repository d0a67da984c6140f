package io.spvn.bridge.process;

import io.spvn.bridge.worker.Worker;
import io.spvn.bridge.worker.WorkerFactory;
import io.spvn.bridge.worker.WorkerSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes workers that are processes of their own. The front door of this package.
public final class ProcessWorkers implements WorkerFactory, AutoCloseable {
    private final WorkerSettings settings;
    private final @Nullable Path directory;
    private final Consumer<Map<String, String>> environment;
    private @Nullable Nursery nursery; // null before the first worker
    private @Nullable Room room;
    private volatile boolean begun;

    /// @param directory where sockets of workers may be, null for that of temporary files
    /// @param environment makes Java's view of the environment variables what the app is to see
    public ProcessWorkers(
            WorkerSettings settings,
            @Nullable Path directory,
            Consumer<Map<String, String>> environment) {
        this.settings = settings;
        this.directory = directory;
        this.environment = environment;
    }

    @Override
    public synchronized Worker make(Place place) {
        Nursery children = nursery;
        if (children == null) {
            children =
                    new ForkServer(
                            settings,
                            !settings.crew().hangTimeout().isZero(),
                            directory,
                            environment);
            nursery = children;
            begun = true;
        }
        Room waiting = room;
        if (waiting == null) {
            waiting = new Room();
            room = waiting;
        }
        return new ProcessWorker(place, settings, children, waiting);
    }

    @Override
    public synchronized void renew() {
        Nursery children = nursery;
        if (children != null) {
            children.renew();
        }
    }

    /// The process is about to end at once, and its workers with it. For any thread; waits for
    /// none.
    public void abandon() {
        if (begun) {
            ProcessHandle.current().children().forEach(ProcessWorkers::killWithChildren);
        }
    }

    private static void killWithChildren(ProcessHandle server) {
        server.children().forEach(ProcessHandle::destroyForcibly);
        boolean _ = server.destroyForcibly();
    }

    @Override
    public synchronized void close() {
        Nursery children = nursery;
        if (children != null) {
            children.close();
        }
        Room waiting = room;
        if (waiting != null) {
            waiting.close();
        }
    }
}
