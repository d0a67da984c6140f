package io.spvn.loadtest.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// A server that runs. Used by one thread; [Children] may kill it from others.
final class Server implements AutoCloseable {
    private static final Duration START_TIME = Duration.ofSeconds(60);
    private static final Duration END_TIME = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(20);

    private final Children children;
    private final Child child;
    private final Path log;
    private final int port;

    private Server(Children children, Child child, Path log, int port) {
        this.children = children;
        this.child = child;
        this.log = log;
        this.port = port;
    }

    /// Starts one, and waits until it listens.
    ///
    /// @throws CannotRun if it does not
    static Server start(
            Children children,
            List<String> command,
            Map<String, String> environment,
            Path directory,
            Path log,
            int port) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Server server;
        try {
            server = new Server(children, children.start(builder, log), log, port);
        } catch (IOException e) {
            throw new CannotRun("cannot be started: " + e.getMessage());
        }
        try {
            server.awaitListening();
            return server;
        } catch (CannotRun e) {
            server.close();
            throw e;
        }
    }

    /// A port that nobody uses.
    static int freePort() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException e) {
            throw new CannotRun("no free port: " + e.getMessage());
        }
    }

    private void awaitListening() {
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (!listens()) {
            if (!child.isAlive()) {
                throw new CannotRun("ended at start: " + lastLine());
            }
            if (System.nanoTime() > deadline) {
                throw new CannotRun(
                        "did not listen within %d s: %s"
                                .formatted(START_TIME.toSeconds(), lastLine()));
            }
            LockSupport.parkNanos(STEP.toNanos());
        }
    }

    private boolean listens() {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) Duration.ofSeconds(1).toMillis());
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    int port() {
        return port;
    }

    boolean isAlive() {
        return child.isAlive();
    }

    /// The last thing it wrote.
    String lastLine() {
        return LastLine.of(log);
    }

    /// CPU time of all of it, in ticks of the clock.
    long ticks() {
        return child.ticks();
    }

    double residentMib() {
        return child.residentKib() / 1024.0;
    }

    @Override
    public void close() {
        child.end(END_TIME);
        children.forget(child);
    }
}
