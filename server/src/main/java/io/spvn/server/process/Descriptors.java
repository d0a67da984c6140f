package io.spvn.server.process;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channel;

/// Keeps sockets of the server from programs that the app starts: the JVM opens them without
/// O_CLOEXEC. A helper that outlives the server would keep its port taken. Between the two steps of
/// accepting a connection and marking it a program can be started; it then holds a connection that
/// still ends for its client as soon as the server has ended it.
public final class Descriptors {
    private static final System.Logger LOG = System.getLogger(Descriptors.class.getName());
    private static final MethodHandle NUMBER = number();

    private Descriptors() {}

    /// The JDK tells the number in an internal interface alone, which the launcher opens to us.
    private static MethodHandle number() {
        try {
            Class<?> selectable = Class.forName("sun.nio.ch.SelChImpl");
            return MethodHandles.lookup()
                    .findVirtual(selectable, "getFDVal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(int.class, Channel.class));
        } catch (ReflectiveOperationException hidden) {
            throw new LinkageError(
                    "start java with --add-opens java.base/sun.nio.ch=ALL-UNNAMED", hidden);
        }
    }

    /// The descriptor of a socket.
    static int number(Channel socket) {
        try {
            return (int) NUMBER.invokeExact(socket);
        } catch (Throwable broken) {
            throw new AssertionError(broken);
        }
    }

    /// Keeps a socket from programs that the app starts.
    public static void closeOnExec(Channel socket) {
        if (!Libc.closeOnExec(number(socket))) {
            LOG.log(System.Logger.Level.DEBUG, "a socket is inherited by programs of the app");
        }
    }
}
