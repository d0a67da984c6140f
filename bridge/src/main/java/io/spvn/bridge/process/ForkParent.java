package io.spvn.bridge.process;

import io.spvn.bridge.worker.AppLog;
import io.spvn.bridge.worker.Boot;
import io.spvn.bridge.worker.WorkerFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A running `spvn_bridge.remote.forkserver`, the Python process that children are forked from, and
/// the connection to it. A virtual thread of its own listens to what it says, which is checked; it
/// may be told something by any thread.
///
/// It lives until it has been told to close and its last child has ended, or until its connection
/// ends. What it says of its children goes to them.
final class ForkParent {
    private static final System.Logger LOG = System.getLogger(ForkParent.class.getName());
    private static final int LONGEST_LINE = 1024 * 1024;
    private static final int BUFFER = 4096;

    private final Process process;
    private final SocketChannel channel;
    private final Map<String, ForkedChild> children = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final ReentrantLock writing = new ReentrantLock();
    private volatile boolean closing;
    private volatile boolean gone;

    /// @param channel its connection, which is this one's from here on
    ForkParent(Process process, SocketChannel channel) {
        this.process = process;
        this.channel = channel;
    }

    /// Begins to talk to it.
    ///
    /// @param settings what it has to know, in a line
    void start(String settings) {
        Thread.ofVirtual().name("fork-parent").start(this::listen);
        boolean _ = say(settings);
    }

    /// Done when children can be had of it; fails when it ends before that, with a [WorkerFailure]
    /// when it has said why.
    CompletableFuture<Void> ready() {
        return ready;
    }

    /// Whether it is there.
    boolean isAlive() {
        return !gone;
    }

    /// Asks for a child, which will hear what becomes of that.
    void fork(ForkedChild child, int worker) {
        children.put(child.token(), child);
        child.asked(this);
        boolean said = say("fork %s %d".formatted(child.token(), worker));
        if (!said || gone) {
            lose(child);
        }
    }

    /// Whether it could be told to.
    boolean kill(ForkedChild child) {
        return !gone && say("kill " + child.token());
    }

    /// Has it end once its children have.
    void close() {
        closing = true;
        boolean _ = say("close");
    }

    /// Ends it at once; its children live on.
    void destroy() {
        Process _ = process.destroyForcibly();
        PrivateSocket.close(channel);
    }

    private boolean say(String line) {
        ByteBuffer octets = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        writing.lock();
        try {
            while (octets.hasRemaining()) {
                int _ = channel.write(octets);
            }
            return true;
        } catch (IOException end) {
            return false;
        } finally {
            writing.unlock();
        }
    }

    private void listen() {
        String reason = "its connection has ended";
        try {
            Lines lines = new Lines(channel, BUFFER, LONGEST_LINE);
            for (String line = lines.next(); line != null; line = lines.next()) {
                hear(line);
            }
        } catch (IOException | IllegalArgumentException failure) {
            reason = String.valueOf(failure.getMessage());
        } finally {
            end(reason);
        }
    }

    /// @throws IllegalArgumentException when it is none that there can be
    private void hear(String line) {
        String[] words = line.split(" ", 3);
        switch (words[0]) {
            case "ready" -> ready.complete(null);
            case "broken" -> broken(line.split(" ", -1));
            case "log" -> log(words);
            case "forked" -> forked(child(words), Long.parseLong(words[2]));
            case "failed" -> lost(child(words)).ended("no process: " + words[2]);
            case "ended" -> lost(child(words)).ended(words[2]);
            default -> throw new IllegalArgumentException("unknown words: " + shown(line));
        }
    }

    /// The app cannot be imported; the process ends.
    private void broken(String... words) {
        if (words.length != 4) {
            throw new IllegalArgumentException("words of a failed import: " + words.length);
        }
        closing = true;
        boolean appAtFault = Boot.outcome(words[1]) == Boot.Outcome.IMPORT;
        ready.completeExceptionally(
                new WorkerFailure(unpacked(words[2]), unpacked(words[3]), appAtFault));
    }

    private static void log(String... words) {
        if (words.length != 3) {
            throw new IllegalArgumentException("words of a log record: " + words.length);
        }
        AppLog.log(Long.parseLong(words[1]), unpacked(words[2]));
    }

    private static String unpacked(String word) {
        return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
    }

    private static String shown(String line) {
        return line.length() <= 40 ? line : line.substring(0, 40) + "...";
    }

    private ForkedChild child(String... words) {
        ForkedChild child = words.length == 3 ? children.get(words[1]) : null;
        if (child == null) {
            throw new IllegalArgumentException("words of an unknown child: " + words[0]);
        }
        return child;
    }

    private ForkedChild lost(ForkedChild child) {
        children.remove(child.token());
        return child;
    }

    /// Takes it for what it says only when the system does, too.
    private void forked(ForkedChild child, long pid) {
        @Nullable ProcessHandle handle = ProcessHandle.of(pid).orElse(null);
        boolean own =
                handle != null && handle.parent().filter(process.toHandle()::equals).isPresent();
        child.forked(pid, own ? handle : null);
    }

    private void end(String reason) {
        gone = true;
        ready.completeExceptionally(new IOException(reason));
        if (!closing) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the Python process %d, which workers are started from, is gone (%s);"
                                    .formatted(process.pid(), reason)
                            + " workers go on, and another one is started for the next");
        }
        destroy();
        children.values().forEach(this::lose);
    }

    private void lose(ForkedChild child) {
        if (children.remove(child.token()) != null) {
            child.orphaned();
        }
    }
}
