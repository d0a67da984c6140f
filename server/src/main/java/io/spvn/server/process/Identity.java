package io.spvn.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Whom a process runs as.
///
/// @param groups those beside `gid`, or with it
record Identity(int uid, int gid, List<Integer> groups) {
    /// The one that `--user` and `--group` name.
    ///
    /// @return null when neither is given
    /// @throws StartFailure when there is no such user or group
    static @Nullable Identity of(@Nullable String user, @Nullable String group) {
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

    /// Whether this process is it already.
    boolean isOwn() {
        return uid == Libc.geteuid() && gid == Libc.getegid();
    }

    /// Makes a file its own; a link is not followed.
    void own(Path file) throws IOException {
        Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
        Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
    }

    /// Makes it that of this process; there is no way back.
    ///
    /// @return whether the system allowed it
    boolean assume() {
        return Libc.setgroups(groups) && Libc.setgid(gid) && Libc.setuid(uid) && isOwn();
    }
}
