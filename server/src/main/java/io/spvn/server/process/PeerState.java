package io.spvn.server.process;

import java.nio.channels.SocketChannel;

/// What the system knows of the peer of a connection. For any thread; does not block.
///
/// The descriptor is only looked at: when the channel is closed meanwhile, what is said is of
/// another socket or of none, and means nothing to a connection that is over.
public final class PeerState {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    // Of linux/sockios.h, netinet/in.h and netinet/tcp.h.
    private static final long SIOCOUTQ = 0x5411;
    private static final long FIONREAD = 0x541B;
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_INFO = 11;
    private static final int TCP_CLOSE = 7;

    private final int descriptor;

    public PeerState(SocketChannel connection) {
        this.descriptor = Descriptors.number(connection);
    }

    /// Whether this system tells.
    public static boolean isKnown() {
        return LINUX;
    }

    /// Bytes that were written and that the peer's system has not yet acknowledged; of a Unix
    /// socket those that the peer has not yet read. 0 where that is not known.
    public int unacknowledged() {
        return LINUX ? Math.max(0, Libc.askNumber(descriptor, SIOCOUTQ)) : 0;
    }

    /// Bytes that the peer has sent and that were not read yet; 0 where that is not known.
    public int unread() {
        return LINUX ? Math.max(0, Libc.askNumber(descriptor, FIONREAD)) : 0;
    }

    /// Whether the peer has reset the connection, as far as that is known.
    public boolean hasReset() {
        return LINUX && Libc.firstOctetOfOption(descriptor, IPPROTO_TCP, TCP_INFO) == TCP_CLOSE;
    }
}
