package io.spvn.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The directory of `--proc-dir`: holds the pid file while the server runs. Opened by the thread
/// that starts the server, closed by any.
public final class ProcDir implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ProcDir.class.getName());

    private final @Nullable Path directory;
    private volatile @Nullable Path pidFile; // null while there is none

    /// One that is still to be opened.
    ///
    /// @param directory null when none was asked for
    public ProcDir(@Nullable Path directory) {
        this.directory = directory;
    }

    /// Makes the directory if it is missing, and writes the pid file.
    ///
    /// @param privileges of those who will serve, whose the files are to be
    /// @throws StartFailure when that is not possible
    public void open(Privileges privileges) {
        if (directory == null) {
            return;
        }
        try {
            if (Files.notExists(directory)) {
                Files.createDirectories(directory);
                privileges.handOver(directory);
            }
            Path written = writePid(directory, privileges);
            pidFile = written;
            report(written);
        } catch (IOException failure) {
            throw StartFailure.ofEnvironment(
                    "--proc-dir: cannot write to " + directory + ": " + failure);
        }
    }

    /// In one step, so that whoever waits for the file never reads half of it. The directory may be
    /// another user's, so no link is followed in it.
    private static Path writePid(Path directory, Privileges privileges) throws IOException {
        Path draft = Files.createTempFile(directory, "spvn", ".tmp");
        try {
            Files.writeString(
                    draft,
                    ProcessHandle.current().pid() + "\n",
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
            privileges.handOver(draft);
            Path pidFile = directory.resolve("spvn.pid");
            return Files.move(draft, pidFile, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            Files.deleteIfExists(draft);
            throw failure;
        }
    }

    private static void report(Path pidFile) {
        OpenFiles.ofProcess()
                .ifPresent(
                        files ->
                                LOG.log(
                                        System.Logger.Level.INFO,
                                        "pid file %s, at most %d open files"
                                                .formatted(pidFile, files.most())));
    }

    /// Removes the pid file.
    @Override
    public void close() {
        Path written = pidFile;
        if (written == null) {
            return;
        }
        try {
            Files.deleteIfExists(written);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the pid file is left behind: " + e);
        }
    }
}
