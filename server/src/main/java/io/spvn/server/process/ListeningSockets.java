package io.spvn.server.process;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;

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

    /// A socket that listens. An IPv4 address takes clients of IPv4, an IPv6 address those of IPv6.
    ///
    /// @param backlog connections that the system may keep waiting to be accepted
    /// @param dualStack whether an IPv6 address takes clients of IPv4 as well
    public static ServerSocketChannel open(SocketAddress address, int backlog, boolean dualStack)
            throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open(family(address));
        try {
            Descriptors.closeOnExec(channel);
            if (isIpv6(address) && !dualStack) {
                requireIpv6Only(channel);
            }
            if (address instanceof InetSocketAddress && isLinux()) {
                limitUnsent(channel);
            }
            return channel.bind(address, backlog);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    private static ProtocolFamily family(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return StandardProtocolFamily.UNIX;
        }
        return isIpv6(address) ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    }

    private static boolean isIpv6(SocketAddress address) {
        return address instanceof InetSocketAddress ip && ip.getAddress() instanceof Inet6Address;
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
