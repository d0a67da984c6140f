package io.spvn.bridge.process;

import io.spvn.bridge.worker.BridgeSource;
import io.spvn.bridge.worker.Isolation;
import io.spvn.bridge.worker.PythonSettings;
import io.spvn.bridge.worker.WorkerFailure;
import io.spvn.bridge.worker.WorkerSettings;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Starts children by a warm Python process that forks itself, never from the JVM's own address
/// space. That process is started when the first child is wanted, and again when a child is wanted
/// and it has gone.
///
///     start: directory and socket -> python -c BOOTSTRAP -> it connects -> settings -> ready
///     child: fork TOKEN -> the child connects by its token, twice or three times -> [Child]
///
/// Owns the socket and the process, until [#close].
final class ForkServer implements Nursery {
    /// The app's directory takes the place of what `-c` puts first on `sys.path`.
    private static final String BOOTSTRAP =
            """
            import sys
            if not getattr(sys.flags, "safe_path", False):
                del sys.path[0]
            sys.path.append(sys.argv[1])
            from spvn_bridge.remote.forkserver import main
            main(sys.argv[2:])
            """;

    private static final Duration TO_BE_READY = Duration.ofSeconds(30);
    private static final Duration TO_CONNECT = Duration.ofSeconds(30);
    private static final Pattern REASON =
            Pattern.compile("error(?:=\\d+, |: \\d+ \\()([^()]+)\\)?\\s*$");
    private static final String NO_MORE = "no worker is started any more";
    private static final int TOKEN_OCTETS = 16;

    /// What can be written in a container where nothing else can.
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private static final SecureRandom RANDOM = new SecureRandom();

    private final WorkerSettings settings;
    private final boolean side;
    private final List<Path> bases;
    private final Consumer<Map<String, String>> environment;
    private final ReentrantLock starting = new ReentrantLock();
    private @Nullable PrivateSocket socket; // null before the first child; by `starting`
    private @Nullable ForkParent parent; // null before the first child; by `starting`
    private volatile @Nullable Process process; // one that is not ready yet
    private volatile boolean closed;

    /// Nothing is started yet.
    ///
    /// @param side whether children are to have the third connection
    /// @param directory where its own may be made; null for none but those for temporary files
    /// @param environment makes Java's view of the environment variables what the app is to see
    ForkServer(
            WorkerSettings settings,
            boolean side,
            @Nullable Path directory,
            Consumer<Map<String, String>> environment) {
        this.settings = settings;
        this.side = side;
        this.environment = environment;
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        this.bases =
                Stream.of(directory, temporary, SHARED_MEMORY).filter(Objects::nonNull).toList();
    }

    @Override
    public Child start(int worker) throws InterruptedException {
        ForkedChild child = ask(worker);
        if (!connects(child) && child.isOrphan()) {
            child = ask(worker); // its parent was gone, and nobody knew
            boolean _ = connects(child);
        }
        if (!child.isConnected()) {
            throw notConnected(worker, child);
        }
        return child;
    }

    /// Waits for its connections; without them it is ended.
    private static boolean connects(ForkedChild child) throws InterruptedException {
        try {
            child.awaitConnected(TO_CONNECT);
            return child.isConnected();
        } finally {
            if (!child.isConnected()) {
                child.kill();
                child.close();
            }
        }
    }

    private static WorkerFailure notConnected(int worker, ForkedChild child)
            throws InterruptedException {
        String end = child.awaitEnd(Duration.ZERO);
        return failure(
                "the process of worker %d %s"
                        .formatted(
                                worker,
                                end == null
                                        ? "has not connected in " + TO_CONNECT.toSeconds() + " s"
                                        : "did not start: " + end));
    }

    private ForkedChild ask(int worker) throws InterruptedException {
        starting.lockInterruptibly();
        try {
            if (closed) {
                throw failure(NO_MORE);
            }
            PrivateSocket place = socket();
            ForkParent from = parent(place);
            ForkedChild child = new ForkedChild(token(), place, side);
            from.fork(child, worker);
            return child;
        } finally {
            starting.unlock();
        }
    }

    private PrivateSocket socket() {
        PrivateSocket open = socket;
        if (open == null) {
            try {
                open = PrivateSocket.open(bases);
            } catch (IOException unfit) {
                throw failure("no socket for workers: " + unfit.getMessage());
            }
            socket = open;
        }
        return open;
    }

    private ForkParent parent(PrivateSocket place) throws InterruptedException {
        ForkParent running = parent;
        if (running == null || !running.isAlive()) {
            running = startParent(place);
            parent = running;
        }
        return running;
    }

    private ForkParent startParent(PrivateSocket place) throws InterruptedException {
        String token = token();
        CompletableFuture<SocketChannel> channel = place.expect(token, "parent");
        Process begun = startPython(place.path(), token);
        process = begun;
        boolean ready = false;
        try {
            if (closed) {
                throw failure(NO_MORE);
            }
            var _ = await(CompletableFuture.anyOf(channel, begun.onExit()), TO_CONNECT, begun);
            if (!channel.isDone()) {
                throw ended(begun);
            }
            ForkParent made = new ForkParent(begun, channel.join());
            made.start(words());
            var _ = await(made.ready(), toBeReady(), begun);
            ready = true;
            return made;
        } finally {
            process = null;
            place.forget(token, "parent");
            if (!ready) {
                Process _ = begun.destroyForcibly();
                var _ = channel.thenAccept(PrivateSocket::close);
            }
        }
    }

    private Process startPython(Path path, String token) {
        String executable = settings.python().executable().toString();
        ProcessBuilder python =
                new ProcessBuilder(
                                executable,
                                "-c",
                                BOOTSTRAP,
                                BridgeSource.location().toString(),
                                path.toString(),
                                token)
                        .inheritIO();
        environment.accept(python.environment());
        try {
            return python.start();
        } catch (IOException failure) {
            throw failure("cannot start " + executable + ": " + reason(failure));
        }
    }

    /// What the system has said, which Java puts behind words of its own.
    private static String reason(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        Matcher found = REASON.matcher(message);
        return found.find() ? found.group(1) : message;
    }

    /// An import of the app is a part of its start-up.
    private Duration toBeReady() {
        return settings.crew().preload()
                ? TO_BE_READY.plus(settings.app().startupTimeout())
                : TO_BE_READY;
    }

    private static <T> T await(CompletableFuture<T> result, Duration limit, Process process)
            throws InterruptedException {
        try {
            return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw failure(
                    "the Python process %d, which workers are started from, is not ready after %d s"
                            .formatted(process.pid(), limit.toSeconds()));
        } catch (ExecutionException end) {
            throw end.getCause() instanceof WorkerFailure told ? told : ended(process);
        }
    }

    private static WorkerFailure ended(Process process) throws InterruptedException {
        boolean over = process.waitFor(1, TimeUnit.SECONDS);
        return failure(
                "the Python process that workers are started from has ended at its start"
                        + (over ? ": exit code " + process.exitValue() : ""));
    }

    private String words() {
        Map<String, Object> told = PythonSettings.of(settings, 0, Isolation.PROCESS);
        told.put("side", side);
        told.put("preload", settings.crew().preload());
        return JsonLine.of(told);
    }

    private static String token() {
        byte[] random = new byte[TOKEN_OCTETS];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private static WorkerFailure failure(String message) {
        return new WorkerFailure(message, "", false);
    }

    @Override
    public void renew() {
        starting.lock();
        try {
            if (parent != null) {
                parent.close();
                parent = null;
            }
        } finally {
            starting.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        Process begun = process;
        if (begun != null) {
            Process _ = begun.destroyForcibly();
        }
        starting.lock();
        try {
            if (parent != null) {
                parent.close();
            }
            if (socket != null) {
                socket.close();
            }
        } finally {
            starting.unlock();
        }
    }
}
