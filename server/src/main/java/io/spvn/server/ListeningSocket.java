package io.spvn.server;

import io.spvn.server.ServerConfig.Network;
import io.spvn.server.connection.Addresses;
import io.spvn.server.connection.HelidonSeam;
import io.spvn.server.process.ListeningSockets;
import io.spvn.server.process.Privileges;
import io.spvn.server.process.SocketFile;
import io.spvn.server.process.StartFailure;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/// One address of `--bind` that is bound: clients that come now wait in the system's queue.
///
/// @param bind the address as it was asked for
/// @param redirects whether it only sends clients to another address
/// @param channel the socket
/// @param file of a Unix socket, null of another
record ListeningSocket(
        Bind bind, boolean redirects, ServerSocketChannel channel, @Nullable SocketFile file) {
    private static final System.Logger LOG = System.getLogger(ListeningSocket.class.getName());

    /// Binds an address. A Unix socket that a killed server has left behind is removed first.
    ///
    /// @param permissions of the file of a Unix socket
    /// @param privileges of those who will serve, to whom the file of a Unix socket is given
    /// @throws StartFailure when that is not possible
    static ListeningSocket bind(
            Bind bind, Network network, int permissions, Privileges privileges) {
        try {
            return switch (bind) {
                case Bind.Tcp tcp -> bindTcp(tcp, network, false);
                case Bind.Unix unix -> bindUnix(unix, network.backlog(), permissions, privileges);
                case Bind.Inherited(int descriptor) ->
                        of(bind, false, ListeningSockets.adopt(descriptor), null);
            };
        } catch (IOException | UnsupportedOperationException failure) {
            throw StartFailure.ofEnvironment(complaint(bind, failure));
        }
    }

    /// Binds an address that only sends clients to another one.
    ///
    /// @throws StartFailure when that is not possible
    static ListeningSocket bindRedirect(Bind.Tcp bind, Network network) {
        try {
            return bindTcp(bind, network, true);
        } catch (IOException | UnsupportedOperationException failure) {
            throw StartFailure.ofEnvironment(
                    complaint(bind, failure).replace("--bind", "--redirect-http"));
        }
    }

    private static ListeningSocket bindTcp(Bind.Tcp bind, Network network, boolean redirects)
            throws IOException {
        InetSocketAddress address = new InetSocketAddress(bind.host(), bind.port());
        if (address.isUnresolved()) {
            throw StartFailure.ofEnvironment(
                    "cannot listen on %s:%d: unknown host; give an address of this machine to --bind"
                            .formatted(bind.host(), bind.port()));
        }
        ServerSocketChannel channel =
                ListeningSockets.open(
                        address, network.backlog(), network.dualStack(), network.reusePort());
        return of(bind, redirects, channel, null);
    }

    private static ListeningSocket bindUnix(
            Bind.Unix bind, int backlog, int permissions, Privileges privileges)
            throws IOException {
        SocketFile.removeStale(bind.path());
        ServerSocketChannel channel = ListeningSockets.open(bind.path(), backlog, permissions);
        try {
            SocketFile file = SocketFile.of(bind.path().toAbsolutePath());
            file.give(privileges);
            return of(bind, false, channel, file);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static ListeningSocket of(
            Bind bind, boolean redirects, ServerSocketChannel bound, @Nullable SocketFile file) {
        return new ListeningSocket(bind, redirects, HelidonSeam.patient(bound), file);
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
    ///
    /// @param encrypted whether clients are to use TLS
    String url(boolean encrypted) {
        String plain =
                switch (bind) {
                    case Bind.Tcp(String host, _) -> new Bind.Tcp(host, port()).url();
                    case Bind.Unix unix -> unix.url();
                    case Bind.Inherited inherited -> url(address(), inherited);
                };
        return encrypted ? plain.replaceFirst("^http:", "https:") : plain;
    }

    /// Of a socket that was bound by somebody else.
    private static String url(@Nullable SocketAddress address, Bind.Inherited inherited) {
        return switch (address) {
            case InetSocketAddress ip ->
                    new Bind.Tcp(Addresses.text(ip.getAddress()), ip.getPort()).url();
            case UnixDomainSocketAddress unix when !unix.getPath().toString().isEmpty() ->
                    "unix:" + unix.getPath();
            case null, default -> inherited.url();
        };
    }

    /// That the system chose; -1 of a Unix socket.
    int port() {
        return address() instanceof InetSocketAddress ip ? ip.getPort() : -1;
    }

    private @Nullable SocketAddress address() {
        try {
            return channel.getLocalAddress();
        } catch (IOException closed) {
            return null;
        }
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
