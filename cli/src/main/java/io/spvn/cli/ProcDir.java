package io.spvn.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;

/// The directory of `--proc-dir`: holds the pid file while the server runs.
final class ProcDir implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ProcDir.class.getName());

    private final @Nullable Path pidFile;

    private ProcDir(@Nullable Path pidFile) {
        this.pidFile = pidFile;
    }

    /// Makes the directory, for `user` if that is who the server will run as.
    ///
    /// @param directory null when none was asked for
    static ProcDir open(@Nullable Path directory, @Nullable String user) {
        if (directory == null) {
            return new ProcDir(null);
        }
        try {
            if (Files.notExists(directory)) {
                make(directory, user);
            }
            return new ProcDir(writePid(directory, user));
        } catch (UserPrincipalNotFoundException e) {
            throw new UsageError("--user " + user + ": there is no such user");
        } catch (IOException e) {
            throw new MissingPart("--proc-dir: cannot write to " + directory + ": " + e);
        }
    }

    private static void make(Path directory, @Nullable String user) throws IOException {
        Files.createDirectories(directory);
        give(directory, user);
    }

    private static void give(Path file, @Nullable String user) throws IOException {
        if (user != null) {
            UserPrincipalLookupService users = file.getFileSystem().getUserPrincipalLookupService();
            Files.getFileAttributeView(
                            file, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .setOwner(users.lookupPrincipalByName(user));
        }
    }

    /// In one step, so that whoever waits for the file never reads half of it. The directory may be
    /// another user's, so no link is followed in it.
    private static Path writePid(Path directory, @Nullable String user) throws IOException {
        Path draft = Files.createTempFile(directory, "spvn", ".tmp");
        try {
            Files.writeString(
                    draft,
                    ProcessHandle.current().pid() + "\n",
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            give(draft, user);
            Path pidFile = directory.resolve("spvn.pid");
            return Files.move(draft, pidFile, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            Files.deleteIfExists(draft);
            throw failure;
        }
    }

    /// Logs where the pid file is and how many files the process may open.
    void report() {
        if (pidFile != null
                && ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean system) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "pid file %s, at most %d open files"
                            .formatted(pidFile, system.getMaxFileDescriptorCount()));
        }
    }

    @Override
    public void close() {
        if (pidFile == null) {
            return;
        }
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the pid file is left behind: " + e);
        }
    }
}
