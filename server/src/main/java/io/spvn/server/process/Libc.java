package io.spvn.server.process;

import io.spvn.bridge.foreign.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The C functions that change what the process may do. The C library applies them to all threads.
final class Libc {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private static final MethodHandle CALL_0 = Words.call(0);
    private static final MethodHandle CALL_1 = Words.call(1);
    private static final MethodHandle CALL_2 = Words.call(2);
    private static final MethodHandle CALL_3 = Words.call(3);
    private static final MemorySegment UMASK = Words.ofC("umask");
    private static final MemorySegment GETEUID = Words.ofC("geteuid");
    private static final MemorySegment GETEGID = Words.ofC("getegid");
    private static final MemorySegment SETUID = Words.ofC("setuid");
    private static final MemorySegment SETGID = Words.ofC("setgid");
    private static final MemorySegment SETGROUPS = Words.ofC("setgroups");
    private static final MemorySegment SETENV = Words.ofC("setenv");
    private static final MemorySegment UNSETENV = Words.ofC("unsetenv");
    private static final MemorySegment CLOSE = Words.ofC("close");
    private static final MemorySegment CLOCK_GETTIME = Words.ofC("clock_gettime");

    /// Of sockets that Java does not know.
    private static final class Sockets {
        private static final MethodHandle CALL_5 = Words.call(5);
        private static final MethodHandle CALL_6 = Words.call(6);
        private static final MemorySegment SOCKET = Words.ofC("socket");
        private static final MemorySegment SETSOCKOPT = Words.ofC("setsockopt");
        private static final MemorySegment GETSOCKOPT = Words.ofC("getsockopt");
        private static final MemorySegment SENDTO = Words.ofC("sendto");
    }

    /// With any number of arguments, of which these are called with three.
    private static final class Variadic {
        private static final MethodHandle CALL = Words.call(3, Linker.Option.firstVariadicArg(2));
        private static final MemorySegment IOCTL = Words.ofC("ioctl");
        private static final MemorySegment FCNTL = Words.ofC("fcntl");
    }

    private static final class Files {
        private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
        private static final VarHandle ERRNO_VALUE =
                ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
        private static final MethodHandle CALL =
                Words.call(
                        4,
                        Linker.Option.firstVariadicArg(3),
                        Linker.Option.captureCallState("errno"));
        private static final MemorySegment OPENAT = Words.ofC("openat");
    }

    /// Stands for the directory of the process where a descriptor of one is expected.
    static final int WORKING_DIRECTORY = -100;

    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private static final long SCHED_BATCH = 3;

    /// What other systems do not have.
    private static final class Linux {
        private static final MemorySegment SCHED_SETSCHEDULER = Words.ofC("sched_setscheduler");
        private static final MemorySegment SETFSUID = Words.ofC("setfsuid");
        private static final MemorySegment SETFSGID = Words.ofC("setfsgid");
    }

    private Libc() {}

    /// Sets the mask, and returns the one before.
    static int umask(int mask) {
        try {
            return (int) (long) CALL_1.invokeExact(UMASK, (long) mask);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Has a thread of this process wait for its turn when it wakes up (sched(7)); says whether it
    /// succeeded.
    static boolean schedBatch(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment priority = arena.allocate(INT); // 0, as it must be
            return (int)
                            (long)
                                    CALL_3.invokeExact(
                                            Linux.SCHED_SETSCHEDULER,
                                            (long) thread,
                                            SCHED_BATCH,
                                            priority.address())
                    == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int geteuid() {
        try {
            return (int) (long) CALL_0.invokeExact(GETEUID);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int getegid() {
        try {
            return (int) (long) CALL_0.invokeExact(GETEGID);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Says whether it succeeded.
    static boolean setuid(int uid) {
        try {
            return (int) (long) CALL_1.invokeExact(SETUID, (long) uid) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Says whether it succeeded.
    static boolean setgid(int gid) {
        try {
            return (int) (long) CALL_1.invokeExact(SETGID, (long) gid) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Says whether it succeeded.
    static boolean setgroups(List<Integer> gids) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list =
                    arena.allocateFrom(INT, gids.stream().mapToInt(Integer::intValue).toArray());
            return (int) (long) CALL_2.invokeExact(SETGROUPS, (long) gids.size(), list.address())
                    == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Has the calling thread, and it alone, be another user to the file system from now on.
    static void setFileSystemUser(int uid, int gid) {
        try {
            long _ = (long) CALL_1.invokeExact(Linux.SETFSGID, (long) gid);
            long _ = (long) CALL_1.invokeExact(Linux.SETFSUID, (long) uid);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static int fcntl(int descriptor, int command, int argument) throws Throwable {
        return (int)
                (long)
                        Variadic.CALL.invokeExact(
                                Variadic.FCNTL, (long) descriptor, (long) command, (long) argument);
    }

    private static int getsockopt(
            int descriptor, int level, int name, MemorySegment value, MemorySegment size)
            throws Throwable {
        return (int)
                (long)
                        Sockets.CALL_5.invokeExact(
                                Sockets.GETSOCKOPT,
                                (long) descriptor,
                                (long) level,
                                (long) name,
                                value.address(),
                                size.address());
    }

    /// Has a descriptor end where another program begins; says whether it succeeded.
    static boolean closeOnExec(int descriptor) {
        try {
            return fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Whether a descriptor stands for anything.
    static boolean isOpen(int descriptor) {
        try {
            return fcntl(descriptor, F_GETFD, 0) >= 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Makes a socket; -1 when that is not possible.
    static int socket(int family, int type) {
        try {
            return (int) (long) CALL_3.invokeExact(Sockets.SOCKET, (long) family, (long) type, 0L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Sends one datagram; says whether it succeeded.
    ///
    /// @param address as C has it
    static boolean send(int descriptor, byte[] datagram, int flags, byte[] address) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment data = arena.allocateFrom(ValueLayout.JAVA_BYTE, datagram);
            MemorySegment to = arena.allocateFrom(ValueLayout.JAVA_BYTE, address);
            long sent =
                    (long)
                            Sockets.CALL_6.invokeExact(
                                    Sockets.SENDTO,
                                    (long) descriptor,
                                    data.address(),
                                    (long) datagram.length,
                                    (long) flags,
                                    to.address(),
                                    (long) address.length);
            return sent == datagram.length;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Opens what is there already.
    ///
    /// @param base a directory
    /// @return the descriptor, or what went wrong (errno), negative
    static int open(int base, String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Files.ERRNO);
            long path = arena.allocateFrom(name).address();
            int result =
                    (int)
                            (long)
                                    Files.CALL.invokeExact(
                                            Files.OPENAT,
                                            state,
                                            (long) base,
                                            path,
                                            (long) flags,
                                            0L);
            return result < 0 ? -(int) Files.ERRNO_VALUE.get(state, 0L) : result;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void close(int descriptor) {
        try {
            long _ = (long) CALL_1.invokeExact(CLOSE, (long) descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Microseconds of a clock of the system's.
    static long microseconds(int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2); // struct timespec
            long _ = (long) CALL_2.invokeExact(CLOCK_GETTIME, (long) clock, time.address());
            return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000
                    + time.getAtIndex(ValueLayout.JAVA_LONG, 1) / 1000;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Asks a descriptor for a number; -1 when it does not tell.
    static int askNumber(int descriptor, long request) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(INT);
            int result =
                    (int)
                            (long)
                                    Variadic.CALL.invokeExact(
                                            Variadic.IOCTL,
                                            (long) descriptor,
                                            request,
                                            number.address());
            return result == 0 ? number.get(INT, 0) : -1;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// The first octet of a socket's option; -1 when it has no such option.
    static int firstOctetOfOption(int descriptor, int level, int name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment octet = arena.allocate(ValueLayout.JAVA_BYTE);
            MemorySegment size = arena.allocateFrom(INT, 1);
            int result = getsockopt(descriptor, level, name, octet, size);
            return result == 0 ? octet.get(ValueLayout.JAVA_BYTE, 0) & 0xFF : -1;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// A numeric option of a socket; -1 when it has no such option, or is none.
    static int numberOfOption(int descriptor, int level, int name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(INT);
            MemorySegment size = arena.allocateFrom(INT, (int) INT.byteSize());
            int result = getsockopt(descriptor, level, name, number, size);
            return result == 0 ? number.get(INT, 0) : -1;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Sets a numeric option of a socket; says whether it succeeded.
    static boolean setSocketOption(int descriptor, int level, int name, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocateFrom(INT, value);
            return (int)
                            (long)
                                    Sockets.CALL_5.invokeExact(
                                            Sockets.SETSOCKOPT,
                                            (long) descriptor,
                                            (long) level,
                                            (long) name,
                                            number.address(),
                                            INT.byteSize())
                    == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Sets an environment variable, or removes it; Java itself goes on to see it as it was.
    static void setEnvironment(String name, @Nullable String value) {
        try (Arena arena = Arena.ofConfined()) {
            long variable = arena.allocateFrom(name).address();
            long _ =
                    value == null
                            ? (long) CALL_1.invokeExact(UNSETENV, variable)
                            : (long)
                                    CALL_3.invokeExact(
                                            SETENV,
                                            variable,
                                            arena.allocateFrom(value).address(),
                                            1L);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
