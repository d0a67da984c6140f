package io.spvn.bridge.process;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A child that a [ForkParent] has been asked for. It tells when there is a process, [#forked], and
/// how that ends, [#ended], whichever comes; the connections come by themselves.
///
/// Each of its connections is closed by [#close], also one that comes after that.
final class ForkedChild implements Child {
    private static final System.Logger LOG = System.getLogger(ForkedChild.class.getName());

    private final String token;
    private final PrivateSocket socket;
    private final CompletableFuture<SocketChannel> down;
    private final CompletableFuture<SocketChannel> up;
    private final CompletableFuture<@Nullable SocketChannel> side;
    private final CompletableFuture<Long> pid = new CompletableFuture<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private volatile boolean connected;
    private volatile boolean orphan;
    private volatile @Nullable ForkParent parent; // null until one is asked
    private volatile @Nullable ProcessHandle process; // null while it is not known

    /// One that connects to `socket`.
    ///
    /// @param asksSide whether it has the third connection
    ForkedChild(String token, PrivateSocket socket, boolean asksSide) {
        this.token = token;
        this.socket = socket;
        this.down = socket.expect(token, "down");
        this.up = socket.expect(token, "up");
        this.side =
                asksSide
                        ? socket.expect(token, "side").thenApply(channel -> channel)
                        : CompletableFuture.completedFuture(null);
    }

    String token() {
        return token;
    }

    // ---- what its parent says

    void asked(ForkParent by) {
        parent = by;
    }

    /// @param handle null when it has ended already
    void forked(long id, @Nullable ProcessHandle handle) {
        process = handle;
        pid.complete(id);
    }

    /// It has ended, or never began.
    void ended(String words) {
        end.complete(words);
    }

    /// Its parent has ended, so nobody will tell.
    void orphaned() {
        orphan = true;
        ProcessHandle own = process;
        if (own == null) {
            end.complete("an end that nobody saw");
        } else {
            var _ = own.onExit().thenRun(() -> end.complete("an end that nobody saw"));
        }
    }

    // ---- what is done with it

    /// Waits until it has connected or ended.
    void awaitConnected(Duration limit) throws InterruptedException {
        CompletableFuture<Void> all = CompletableFuture.allOf(pid, down, up, side);
        try {
            var _ = CompletableFuture.anyOf(all, end).get(limit.toNanos(), TimeUnit.NANOSECONDS);
            if (all.isDone()) {
                down().configureBlocking(false);
                connected = true;
            }
        } catch (TimeoutException | ExecutionException | IOException failure) {
            LOG.log(System.Logger.Level.DEBUG, "a worker has not connected", failure);
        }
    }

    boolean isConnected() {
        return connected;
    }

    /// Whether its parent has ended, so that nobody can tell of its own end.
    boolean isOrphan() {
        return orphan;
    }

    @Override
    public long pid() {
        return pid.join();
    }

    @Override
    public SocketChannel down() {
        return down.join();
    }

    @Override
    public SocketChannel up() {
        return up.join();
    }

    @Override
    public @Nullable SocketChannel side() {
        return side.join();
    }

    /// By its parent, which knows that the process is still this one. Where that does not answer,
    /// the next call does it from here.
    @Override
    public void kill() {
        ForkParent asked = parent;
        ProcessHandle own = process;
        parent = null;
        if (asked != null && asked.kill(this)) {
            return;
        }
        if (own != null && !end.isDone()) {
            boolean _ = own.destroyForcibly();
        }
    }

    @Override
    public @Nullable String awaitEnd(Duration limit) throws InterruptedException {
        try {
            return end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException alive) {
            return null;
        } catch (ExecutionException impossible) {
            throw new CompletionException(impossible);
        }
    }

    @Override
    public void close() {
        for (String role : new String[] {"down", "up", "side"}) {
            socket.forget(token, role);
        }
        var _ = down.thenAccept(PrivateSocket::close);
        var _ = up.thenAccept(PrivateSocket::close);
        var _ = side.thenAccept(ForkedChild::closeIfThere);
    }

    private static void closeIfThere(@Nullable SocketChannel channel) {
        if (channel != null) {
            PrivateSocket.close(channel);
        }
    }
}
