package io.spvn.server.process;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// The file of a Unix socket that we listen on.
///
/// @param path of the file
/// @param key device and inode, which no other file has while the socket is open
public record SocketFile(Path path, Object key) {
    private static final System.Logger LOG = System.getLogger(SocketFile.class.getName());

    /// The file of a socket that was just bound.
    ///
    /// @param path from the root, since somebody may change the working directory
    public static SocketFile of(Path path) throws IOException {
        return new SocketFile(path, key(path));
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    /// Makes it the socket of those who will serve.
    public void give(Privileges privileges) throws IOException {
        try {
            privileges.handOver(path);
        } catch (IOException | RuntimeException failure) {
            remove();
            throw failure;
        }
    }

    /// Removes it, unless another server has put its own there. To be called before the socket is
    /// closed.
    public void remove() {
        try {
            if (key(path).equals(key)) {
                Files.delete(path);
            }
        } catch (IOException kept) {
            LOG.log(System.Logger.Level.INFO, "the socket file " + path + " is left: " + kept);
        }
    }

    /// Removes what a killed server has left behind: a socket that nobody listens on.
    public static void removeStale(Path path) {
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS) || !isStale(path)) {
            return;
        }
        try {
            Files.delete(path);
        } catch (IOException kept) {
            throw StartFailure.ofEnvironment(
                    "cannot remove the stale socket " + path + ": " + kept.getMessage());
        }
    }

    /// Only who is refused knows that nobody listens. It is not known when we may not connect, or
    /// when the queue of those who wait to be accepted is full.
    private static boolean isStale(Path path) {
        if (!isSocket(path)) {
            return false;
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(path));
            return false;
        } catch (ConnectException refused) {
            return true;
        } catch (IOException unknown) {
            return false;
        }
    }

    private static boolean isSocket(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) >> 12
                    == 0xC;
        } catch (IOException unreadable) {
            return false;
        }
    }
}
