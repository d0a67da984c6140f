package io.spvn.server.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `--user`, `--group` and `--umask` ask for. The rights are given up once the addresses are
/// bound, before there is an app.
public final class Privileges {
    public static final int WRONG_OPTION = 2;

    private final @Nullable Integer umask;
    private final @Nullable Identity identity;

    private Privileges(@Nullable Integer umask, @Nullable Identity identity) {
        this.umask = umask;
        this.identity = identity;
    }

    /// Whom the process is to run as.
    private record Identity(int uid, int gid, List<Integer> groups) {}

    /// Looks the names up.
    ///
    /// @throws StartFailure when there is no such user or group, or the process may not become it
    public static Privileges of(
            @Nullable String user, @Nullable String group, @Nullable Integer umask) {
        Identity identity = identity(user, group);
        if (identity != null && !isOwn(identity) && Libc.geteuid() != 0) {
            throw new StartFailure(
                    WRONG_OPTION,
                    "--user and --group: only root may become another user; start as root or leave"
                            + " them out",
                    "");
        }
        return new Privileges(umask, identity);
    }

    private static @Nullable Identity identity(@Nullable String user, @Nullable String group) {
        if (user == null) {
            return group == null ? null : groupOnly(Accounts.group(group));
        }
        int uid = Accounts.uid(user);
        if (group == null) {
            return new Identity(uid, Accounts.gid(user), Accounts.groups(user));
        }
        int gid = Accounts.group(group);
        List<Integer> others = Accounts.isName(user) ? Accounts.groups(user) : List.of();
        return new Identity(uid, gid, with(gid, others));
    }

    private static Identity groupOnly(int gid) {
        return new Identity(Libc.geteuid(), gid, List.of(gid));
    }

    private static List<Integer> with(int gid, List<Integer> groups) {
        return Stream.concat(Stream.of(gid), groups.stream()).distinct().toList();
    }

    private static boolean isOwn(Identity identity) {
        return identity.uid() == Libc.geteuid() && identity.gid() == Libc.getegid();
    }

    /// To be called before files and Unix sockets are made.
    public void applyUmask() {
        if (umask != null) {
            int _ = Libc.umask(umask);
        }
    }

    /// Makes a file belong to whom the process is to run as.
    public void handOver(Path file) throws IOException {
        if (identity != null && !isOwn(identity)) {
            Files.setAttribute(file, "unix:uid", identity.uid(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:gid", identity.gid(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /// Whether whom the process is to run as may read a file.
    public boolean mayRead(Path file) throws InterruptedException {
        if (identity == null || isOwn(identity)) {
            return true;
        }
        AtomicBoolean readable = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().start(() -> readable.set(isReadable(file, identity)));
        reader.join();
        return readable.get();
    }

    /// Runs on a thread of its own, which is the other user from here on.
    private static boolean isReadable(Path file, Identity identity) {
        Libc.setFileSystemUser(identity.uid(), identity.gid());
        try (InputStream input = Files.newInputStream(file)) {
            return input.read() >= 0;
        } catch (IOException forbidden) {
            return false;
        }
    }

    /// To be called once the addresses are bound; a second time nothing is left to do. There is no
    /// way back.
    public void drop() {
        if (identity == null || isOwn(identity)) {
            return;
        }
        boolean dropped =
                Libc.setgroups(identity.groups())
                        && Libc.setgid(identity.gid())
                        && Libc.setuid(identity.uid());
        if (!dropped || !isOwn(identity)) {
            throw new StartFailure(
                    StartFailure.ENVIRONMENT,
                    "the system refused to become user %d and group %d"
                            .formatted(identity.uid(), identity.gid()),
                    "");
        }
    }
}
