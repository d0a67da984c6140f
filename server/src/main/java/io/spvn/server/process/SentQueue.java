package io.spvn.server.process;

import java.nio.channels.SocketChannel;

/// What of a connection's output its peer has not yet taken, as the system knows it. For any
/// thread; does not block.
///
/// The descriptor is only looked at: when the channel is closed meanwhile, what is said is of
/// another socket or of none, and means nothing to a connection that is over.
public final class SentQueue {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
    private static final long SIOCOUTQ = 0x5411; // of linux/sockios.h

    private final int descriptor;

    public SentQueue(SocketChannel connection) {
        this.descriptor = Descriptors.number(connection);
    }

    /// Bytes that were written and that the peer's system has not yet acknowledged; of a Unix
    /// socket those that the peer has not yet read. 0 where that is not known.
    public int bytes() {
        return LINUX ? Math.max(0, Libc.askNumber(descriptor, SIOCOUTQ)) : 0;
    }
}
