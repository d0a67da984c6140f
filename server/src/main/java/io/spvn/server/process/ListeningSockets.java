package io.spvn.server.process;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;

/// Opens sockets to listen on.
public final class ListeningSockets {
    private static final int IPPROTO_IPV6 = 41;
    private static final int IPV6_V6ONLY = isLinux() ? 26 : 27;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_NOTSENT_LOWAT = 25; // of Linux

    /// What the system keeps of a response beside what is on its way to the client: with as much as
    /// it would take by itself, a client that reads slowly looks like one that does not.
    private static final int UNSENT = 128 * 1024;

    private ListeningSockets() {}

    private static boolean isLinux() {
        return System.getProperty("os.name").equals("Linux");
    }

    /// A TCP socket that listens. An IPv4 address takes clients of IPv4, an IPv6 address those of
    /// IPv6.
    ///
    /// @param backlog connections that the system may keep waiting to be accepted
    /// @param dualStack whether an IPv6 address takes clients of IPv4 as well
    public static ServerSocketChannel open(
            InetSocketAddress address, int backlog, boolean dualStack) throws IOException {
        return open(address, backlog, dualStack, false);
    }

    /// The same.
    ///
    /// @param shared whether other servers that ask for it as well may listen on the same address
    public static ServerSocketChannel open(
            InetSocketAddress address, int backlog, boolean dualStack, boolean shared)
            throws IOException {
        boolean ipv6 = address.getAddress() instanceof Inet6Address;
        ServerSocketChannel channel =
                ServerSocketChannel.open(
                        ipv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        try {
            Descriptors.closeOnExec(channel);
            if (ipv6 && !dualStack) {
                requireIpv6Only(channel);
            }
            if (shared) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            if (isLinux()) {
                limitUnsent(channel);
            }
            return channel.bind(address, backlog);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /// A Unix socket that listens. Its file has its permissions from the first; nothing else in the
    /// process makes files meanwhile.
    ///
    /// @param permissions of the file, whose write bits say who may connect
    public static ServerSocketChannel open(Path path, int backlog, int permissions)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        int before = Libc.umask(FileMode.ALL & ~permissions);
        try {
            Descriptors.closeOnExec(channel);
            return channel.bind(UnixDomainSocketAddress.of(path), backlog);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        } finally {
            int _ = Libc.umask(before);
        }
    }

    /// A socket that listens already, and that the process was started with.
    ///
    /// @throws IOException when it is none for TCP, nor a Unix socket
    public static ServerSocketChannel adopt(int descriptor) throws IOException {
        ServerSocketChannel channel = AdoptedSocket.of(descriptor);
        if (channel.getLocalAddress() instanceof InetSocketAddress) {
            limitUnsent(channel);
        }
        return channel;
    }

    /// Holds for the connections that it accepts. A bound that the system does not know is none.
    private static void limitUnsent(ServerSocketChannel channel) {
        int number = Descriptors.number(channel);
        boolean _ = Libc.setSocketOption(number, IPPROTO_TCP, TCP_NOTSENT_LOWAT, UNSENT);
    }

    private static void requireIpv6Only(ServerSocketChannel channel) throws IOException {
        int number = Descriptors.number(channel);
        if (!Libc.setSocketOption(number, IPPROTO_IPV6, IPV6_V6ONLY, 1)) {
            throw new IOException("the system does not separate IPv6 from IPv4");
        }
    }
}
