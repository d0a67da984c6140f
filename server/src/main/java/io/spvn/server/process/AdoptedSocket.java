package io.spvn.server.process;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;

/// A socket that somebody else has bound and that the process was started with, as a channel of
/// Java's.
///
/// Java itself takes over one descriptor only, number 0. What it makes a channel of that with is
/// used here for others: a constructor of `sun.nio.ch`, which the launcher opens to us. The channel
/// owns the descriptor from then on. Whether that waits or not when nobody connects does not matter
/// to the channel, so this is left as it is: the socket may be shared with other processes.
final class AdoptedSocket {
    private static final boolean LINUX = System.getProperty("os.name").equals("Linux");

    // Of Linux.
    private static final int SOL_SOCKET = 1;
    private static final int SO_TYPE = 3;
    private static final int SO_ACCEPTCONN = 30;
    private static final int SO_DOMAIN = 39;
    private static final int SOCK_STREAM = 1;
    private static final int AF_UNIX = 1;
    private static final int AF_INET = 2;
    private static final int AF_INET6 = 10;

    private AdoptedSocket() {}

    /// The channel of a descriptor.
    ///
    /// @throws IOException when it is no socket that listens for TCP or on a Unix socket
    static ServerSocketChannel of(int descriptor) throws IOException {
        ProtocolFamily family = requireListening(descriptor);
        boolean _ = Libc.closeOnExec(descriptor);
        return channel(descriptor, family);
    }

    private static ProtocolFamily requireListening(int descriptor) throws IOException {
        if (!LINUX) {
            throw new IOException("inherited sockets are taken on Linux only");
        }
        if (!Libc.isOpen(descriptor)) {
            throw new IOException("the process was started without this descriptor");
        }
        int type = option(descriptor, SO_TYPE);
        if (type < 0) {
            throw new IOException("this descriptor is no socket");
        }
        ProtocolFamily family =
                switch (option(descriptor, SO_DOMAIN)) {
                    case AF_UNIX -> StandardProtocolFamily.UNIX;
                    case AF_INET -> StandardProtocolFamily.INET;
                    case AF_INET6 -> StandardProtocolFamily.INET6;
                    default -> throw notForStreams();
                };
        if (type != SOCK_STREAM) {
            throw notForStreams();
        }
        if (option(descriptor, SO_ACCEPTCONN) != 1) {
            throw new IOException("this socket does not listen");
        }
        return family;
    }

    private static IOException notForStreams() {
        return new IOException("this socket is neither of TCP nor a Unix socket for streams");
    }

    private static int option(int descriptor, int name) {
        return Libc.numberOfOption(descriptor, SOL_SOCKET, name);
    }

    private static ServerSocketChannel channel(int descriptor, ProtocolFamily family)
            throws IOException {
        try {
            Method wrap = Class.forName("sun.nio.ch.IOUtil").getMethod("newFD", int.class);
            Constructor<?> made =
                    Class.forName("sun.nio.ch.ServerSocketChannelImpl")
                            .getDeclaredConstructor(
                                    SelectorProvider.class,
                                    ProtocolFamily.class,
                                    FileDescriptor.class,
                                    boolean.class);
            made.setAccessible(true);
            Object wrapped = wrap.invoke(null, descriptor);
            return (ServerSocketChannel)
                    made.newInstance(SelectorProvider.provider(), family, wrapped, true);
        } catch (InvocationTargetException unknown) {
            throw new IOException("Java cannot use this socket", unknown);
        } catch (ReflectiveOperationException | RuntimeException hidden) {
            throw new LinkageError(
                    "start java with --add-opens java.base/sun.nio.ch=ALL-UNNAMED", hidden);
        }
    }
}
