package io.spvn.server.process;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where the lines of a log go: a file that they are appended to, or a stream that the process was
/// started with.
///
/// Opened by the thread that starts the server, with the rights that it was started with. Then it
/// belongs to the one thread that writes the log, which opens a file anew by [#renew] once that was
/// asked for. Any thread may ask.
public final class LogFile implements WritableByteChannel {
    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    /// The end of a pipe for writing could not be opened while nobody has the other one.
    private static final Set<OpenOption> BOTH_ENDS =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);

    private final @Nullable Path path; // null for a stream
    private final String name;
    private @Nullable FileChannel channel; // null before it is opened
    private boolean created;
    private volatile boolean stale;

    private LogFile(@Nullable Path path, String name, @Nullable FileChannel channel) {
        this.path = path;
        this.name = name;
        this.channel = channel;
    }

    public static LogFile output() {
        return ofStream("standard output", FileDescriptor.out);
    }

    public static LogFile error() {
        return ofStream("standard error", FileDescriptor.err);
    }

    @SuppressWarnings("resource") // the process's own
    private static LogFile ofStream(String name, FileDescriptor descriptor) {
        return new LogFile(null, name, new FileOutputStream(descriptor).getChannel());
    }

    /// A file by its path, which is made when it is opened and is not there.
    public static LogFile of(Path path) {
        return switch (path.toString()) {
            case "/dev/stdout" -> output();
            case "/dev/stderr" -> error();
            default -> new LogFile(path.toAbsolutePath(), path.toString(), null);
        };
    }

    /// For messages.
    public String name() {
        return name;
    }

    /// Whether it is a file, which can be opened anew.
    public boolean isFile() {
        return path != null;
    }

    /// Opens it, unless it is open.
    ///
    /// @throws StartFailure when it cannot be opened
    public void open() {
        if (path == null || channel != null) {
            return;
        }
        created = Files.notExists(path);
        try {
            channel = opened(path);
        } catch (IOException failure) {
            throw StartFailure.ofEnvironment(
                    "cannot open the log file %s: %s".formatted(name, reason(failure)));
        }
    }

    /// Sees to it that whom the process is to run as can open it anew: gives that user the file
    /// that was made for it.
    ///
    /// @throws StartFailure when the user can not
    public void handOver(Privileges privileges) throws InterruptedException {
        if (path == null) {
            return;
        }
        try {
            if (created) {
                privileges.handOver(path);
            }
        } catch (IOException failure) {
            throw StartFailure.ofEnvironment(
                    "cannot give the log file %s to --user: %s".formatted(name, reason(failure)));
        }
        if (!privileges.mayWrite(path)) {
            throw StartFailure.ofEnvironment(
                    "--user may not write the log file %s, which is opened anew on SIGUSR1; give it"
                                    .formatted(name)
                            + " to that user");
        }
    }

    static FileChannel opened(Path path) throws IOException {
        boolean special = Files.exists(path) && !Files.isRegularFile(path);
        return FileChannel.open(path, special ? BOTH_ENDS : APPEND);
    }

    private static String reason(IOException failure) {
        return switch (failure) {
            case NoSuchFileException _ -> "there is no such directory";
            case AccessDeniedException _ -> "permission denied";
            case FileSystemException of when of.getReason() != null -> of.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }

    /// Asks the log's thread to open the file anew; it has to be woken.
    public void ask() {
        stale = path != null;
    }

    /// The log's thread: opens the file anew if that was asked for. One that cannot be opened stays
    /// what it was.
    ///
    /// @return whether what is written from now on goes to another file
    /// @throws IOException when it cannot be opened
    public boolean renew() throws IOException {
        Path file = path;
        if (!stale || file == null) {
            return false;
        }
        stale = false;
        FileChannel old = channel;
        channel = opened(file);
        if (old != null) {
            old.close();
        }
        return true;
    }

    /// Whether it is to be opened anew.
    public boolean isStale() {
        return stale;
    }

    /// Writes what there is room for; waits where a reader is waited for.
    @Override
    public int write(ByteBuffer bytes) throws IOException {
        FileChannel open = channel;
        if (open == null) {
            throw new IOException("not open");
        }
        return open.write(bytes);
    }

    @Override
    public boolean isOpen() {
        FileChannel open = channel;
        return open != null && open.isOpen();
    }

    @Override
    public void close() throws IOException {
        FileChannel open = channel;
        if (path != null && open != null) {
            open.close();
        }
    }
}
