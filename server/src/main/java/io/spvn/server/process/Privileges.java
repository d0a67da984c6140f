package io.spvn.server.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What `--user`, `--group` and `--umask` ask for. The rights are given up once the addresses are
/// bound, before there is an app.
///
/// Used by the thread that starts the server, and by those that it starts later.
public final class Privileges {
    private final ProcessSettings settings;
    private @Nullable Identity other; // whom to become; null until looked up, and for nobody

    public Privileges(ProcessSettings settings) {
        this.settings = settings;
    }

    /// Looks the names up. To be called first.
    ///
    /// @throws StartFailure when there is no such user or group, or the process may not become it
    public void lookUp() {
        Identity asked = Identity.of(settings.user(), settings.group());
        if (asked == null || asked.isOwn()) {
            return;
        }
        if (Libc.geteuid() != 0) {
            throw StartFailure.ofOptions(
                    "--user and --group: only root may become another user; start as root or leave"
                            + " them out");
        }
        other = asked;
    }

    /// To be called before files and Unix sockets are made.
    public void applyUmask() {
        Integer umask = settings.umask();
        if (umask != null) {
            int _ = Libc.umask(umask);
        }
    }

    /// Makes a file belong to whom the process is to run as.
    void handOver(Path file) throws IOException {
        if (other != null) {
            other.own(file);
        }
    }

    /// Whether whom the process is to run as may read a file.
    public boolean mayRead(Path file) throws InterruptedException {
        return may(file, Privileges::isReadable);
    }

    /// Whether whom the process is to run as may write to a file that is there.
    boolean mayWrite(Path file) throws InterruptedException {
        return may(file, Privileges::isWritable);
    }

    private boolean may(Path file, Predicate<Path> does) throws InterruptedException {
        Identity user = other;
        if (user == null) {
            return true;
        }
        AtomicBoolean may = new AtomicBoolean();
        Thread thread = Thread.ofPlatform().start(() -> may.set(doesAs(user, file, does)));
        thread.join();
        return may.get();
    }

    /// Runs on a thread of its own, which is the other user from here on.
    private static boolean doesAs(Identity user, Path file, Predicate<Path> does) {
        Libc.setFileSystemUser(user.uid(), user.gid());
        return does.test(file);
    }

    private static boolean isReadable(Path file) {
        try (InputStream input = Files.newInputStream(file)) {
            return input.read() >= 0;
        } catch (IOException forbidden) {
            return false;
        }
    }

    /// A pipe is opened at both ends, or one that nobody reads would be waited for.
    private static boolean isWritable(Path file) {
        try (FileChannel _ = LogFile.opened(file)) {
            return true;
        } catch (IOException forbidden) {
            return false;
        }
    }

    /// To be called once the addresses are bound; a second time nothing is left to do. There is no
    /// way back.
    public void drop() {
        Identity next = other;
        if (next == null || next.isOwn()) {
            return;
        }
        if (!next.assume()) {
            throw StartFailure.ofEnvironment(
                    "the system refused to become user %d and group %d"
                            .formatted(next.uid(), next.gid()));
        }
    }
}
