package io.spvn.server;

import io.spvn.server.process.Libc;
import io.spvn.server.process.ListeningSockets;
import io.spvn.server.process.Privileges;
import io.spvn.server.process.SocketFile;
import io.spvn.server.process.StartFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One address of `--bind` that is bound: clients that come now wait in the system's queue.
///
/// @param bind the address as it was asked for
/// @param channel the socket
/// @param file of a Unix socket, null of another
record ListeningSocket(Bind bind, ServerSocketChannel channel, @Nullable SocketFile file) {
    private static final System.Logger LOG = System.getLogger(ListeningSocket.class.getName());
    private static final int ALL = 0777;

    /// Binds an address. A Unix socket that a killed server has left behind is removed first.
    ///
    /// @param privileges of those who will serve, to whom the file of a Unix socket is given
    /// @throws StartFailure when that is not possible
    static ListeningSocket bind(Bind bind, ServerConfig config, Privileges privileges) {
        SocketAddress address = address(bind);
        if (bind instanceof Bind.Unix(Path path)) {
            SocketFile.removeStale(path);
        }
        try {
            return bound(bind, address, config, privileges);
        } catch (IOException | UnsupportedOperationException failure) {
            throw new StartFailure(StartFailure.ENVIRONMENT, complaint(bind, failure), "");
        }
    }

    private static ListeningSocket bound(
            Bind bind, SocketAddress address, ServerConfig config, Privileges privileges)
            throws IOException {
        ServerSocketChannel channel = open(address, config);
        try {
            SocketFile file =
                    bind instanceof Bind.Unix(Path path)
                            ? SocketFile.of(path.toAbsolutePath())
                            : null;
            ListeningSocket socket = new ListeningSocket(bind, channel, file);
            if (file != null) {
                file.give(privileges);
            }
            return socket;
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /// The file of a Unix socket has its permissions from the first; who may connect is who may
    /// write. Nothing else makes files meanwhile.
    private static ServerSocketChannel open(SocketAddress address, ServerConfig config)
            throws IOException {
        int before = Libc.umask(ALL & ~config.socketPermissions());
        try {
            return ListeningSockets.open(address, config.backlog(), config.dualStack());
        } finally {
            int _ = Libc.umask(before);
        }
    }

    private static SocketAddress address(Bind bind) {
        return switch (bind) {
            case Bind.Tcp(String host, int port) -> resolved(host, port);
            case Bind.Unix(Path path) -> UnixDomainSocketAddress.of(path);
        };
    }

    private static SocketAddress resolved(String host, int port) {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new StartFailure(
                    StartFailure.ENVIRONMENT,
                    "cannot listen on %s:%d: unknown host; give an address of this machine to --bind"
                            .formatted(host, port),
                    "");
        }
        return address;
    }

    private static String complaint(Bind bind, Exception failure) {
        String reason = String.valueOf(failure.getMessage());
        String advice =
                reason.contains("in use")
                        ? "the address is in use; stop the other server or choose another --bind"
                        : reason + "; choose another --bind";
        return "cannot listen on " + bind.url() + ": " + advice;
    }

    /// The address with the port that the system chose.
    String url() {
        return bind instanceof Bind.Tcp(String host, _)
                ? new Bind.Tcp(host, channel.socket().getLocalPort()).url()
                : bind.url();
    }

    /// To be called while it is open: then no other file can be taken for ours.
    void removeFile() {
        if (file != null && channel.isOpen()) {
            file.remove();
        }
    }

    /// Nobody can connect any more.
    void close() {
        removeFile();
        try {
            channel.close();
        } catch (IOException lost) {
            LOG.log(System.Logger.Level.DEBUG, "closing " + bind.url(), lost);
        }
    }
}
