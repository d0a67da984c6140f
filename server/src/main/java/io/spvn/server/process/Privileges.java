package io.spvn.server.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
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
        Identity reader = other;
        if (reader == null) {
            return true;
        }
        AtomicBoolean readable = new AtomicBoolean();
        Thread thread = Thread.ofPlatform().start(() -> readable.set(isReadable(file, reader)));
        thread.join();
        return readable.get();
    }

    /// Runs on a thread of its own, which is the other user from here on.
    private static boolean isReadable(Path file, Identity reader) {
        Libc.setFileSystemUser(reader.uid(), reader.gid());
        try (InputStream input = Files.newInputStream(file)) {
            return input.read() >= 0;
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
