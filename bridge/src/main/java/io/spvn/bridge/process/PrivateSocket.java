package io.spvn.bridge.process;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// Where processes that we have started connect to: a Unix socket in a directory that is open to
/// our user alone. Each connection begins with a hello, `spvn 1 TOKEN ROLE`, which says whose it
/// is; one that nobody expects is closed.
///
/// Accepts on a virtual thread of its own, and reads each hello on another. Whoever expects a
/// connection closes it.
final class PrivateSocket implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PrivateSocket.class.getName());
    private static final String GREETING = "spvn 1 ";

    /// Octets of the longest hello.
    private static final int LONGEST_HELLO = 64;

    private static final Duration FOR_HELLO = Duration.ofSeconds(10);

    /// Connections that have not said hello yet.
    private static final int MOST_STRANGERS = 64;

    /// Octets that the system may keep of what is written, where it allows so many.
    private static final int BUFFER = 1024 * 1024;

    private final Path directory;
    private final Path path;
    private final ServerSocketChannel listener;
    private final Semaphore strangers = new Semaphore(MOST_STRANGERS);
    private final Map<String, CompletableFuture<SocketChannel>> expected =
            new ConcurrentHashMap<>();

    private PrivateSocket(Path directory, Path path, ServerSocketChannel listener) {
        this.directory = directory;
        this.path = path;
        this.listener = listener;
    }

    /// Opens one.
    ///
    /// @param bases where its directory may be made, the best first
    /// @throws IOException when none of them will do
    static PrivateSocket open(List<Path> bases) throws IOException {
        IOException failure = new IOException("there is no directory for a socket");
        for (Path base : bases) {
            try {
                return open(base);
            } catch (IOException unfit) {
                failure.addSuppressed(unfit);
            }
        }
        throw failure;
    }

    private static PrivateSocket open(Path base) throws IOException {
        Path directory =
                Files.createTempDirectory(
                        base.toAbsolutePath(),
                        "spvn",
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------")));
        Path path = directory.resolve("s");
        try {
            ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            PrivateSocket socket = new PrivateSocket(directory, path, listener);
            socket.listen();
            return socket;
        } catch (IOException | RuntimeException failure) {
            Files.delete(directory);
            throw failure;
        }
    }

    private void listen() throws IOException {
        try {
            listener.bind(UnixDomainSocketAddress.of(path), MOST_STRANGERS);
        } catch (IOException failure) {
            listener.close();
            throw new IOException("no socket can be made in " + directory + ": " + failure);
        }
        Thread.ofVirtual().name("children").start(this::accept);
    }

    Path path() {
        return path;
    }

    /// The connection of such a token and role, once it is there.
    CompletableFuture<SocketChannel> expect(String token, String role) {
        CompletableFuture<SocketChannel> channel = new CompletableFuture<>();
        expected.put(token + " " + role, channel);
        return channel;
    }

    /// Expects it no more.
    void forget(String token, String role) {
        expected.remove(token + " " + role);
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                SocketChannel stranger = listener.accept();
                if (strangers.tryAcquire()) {
                    Thread.ofVirtual().start(() -> greet(stranger));
                } else {
                    close(stranger);
                }
            } catch (IOException failure) {
                if (listener.isOpen()) {
                    LOG.log(System.Logger.Level.WARNING, "a worker could not connect: " + failure);
                    pause();
                }
            }
        }
    }

    /// Out of descriptors, for instance, which is not over at once.
    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for the hello of one that has connected, as long as it may take.
    private void greet(SocketChannel stranger) {
        try {
            Thread reader = Thread.ofVirtual().start(() -> meet(stranger));
            if (!reader.join(FOR_HELLO)) {
                close(stranger);
            }
        } catch (InterruptedException _) {
            close(stranger);
        } finally {
            strangers.release();
        }
    }

    private void meet(SocketChannel stranger) {
        try {
            stranger.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
            stranger.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            String hello = new Lines(stranger, 1, LONGEST_HELLO).next();
            CompletableFuture<SocketChannel> channel =
                    hello != null && hello.startsWith(GREETING)
                            ? expected.remove(hello.substring(GREETING.length()))
                            : null;
            if (channel == null || !channel.complete(stranger)) {
                close(stranger);
            }
        } catch (IOException gone) {
            close(stranger);
        }
    }

    static void close(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException unheard) {
            LOG.log(System.Logger.Level.DEBUG, "connection of a worker not closed", unheard);
        }
    }

    /// Accepts nothing any more, and removes the directory. Connections live on.
    @Override
    public void close() {
        try (listener) {
            Files.deleteIfExists(path);
            Files.deleteIfExists(directory);
        } catch (IOException left) {
            LOG.log(System.Logger.Level.INFO, "the directory " + directory + " is left: " + left);
        }
    }
}
