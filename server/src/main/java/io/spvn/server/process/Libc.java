package io.spvn.server.process;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
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

    private static final MethodHandle UMASK = handle("umask", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle GETEUID = handle("geteuid", FunctionDescriptor.of(INT));
    private static final MethodHandle GETEGID = handle("getegid", FunctionDescriptor.of(INT));
    private static final MethodHandle SETUID = handle("setuid", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle SETGID = handle("setgid", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle SETGROUPS =
            handle(
                    "setgroups",
                    FunctionDescriptor.of(INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS));

    private static final MethodHandle SETSOCKOPT =
            handle(
                    "setsockopt",
                    FunctionDescriptor.of(INT, INT, INT, INT, ValueLayout.ADDRESS, INT));
    private static final MethodHandle GETSOCKOPT =
            handle(
                    "getsockopt",
                    FunctionDescriptor.of(
                            INT, INT, INT, INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle IOCTL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
                            FunctionDescriptor.of(
                                    INT, INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FCNTL =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("fcntl"),
                            FunctionDescriptor.of(INT, INT, INT, INT),
                            Linker.Option.firstVariadicArg(2));

    private static final MethodHandle SETENV =
            handle(
                    "setenv",
                    FunctionDescriptor.of(INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, INT));
    private static final MethodHandle UNSETENV =
            handle("unsetenv", FunctionDescriptor.of(INT, ValueLayout.ADDRESS));

    private static final MethodHandle SOCKET =
            handle("socket", FunctionDescriptor.of(INT, INT, INT, INT));
    private static final MethodHandle SENDTO =
            handle(
                    "sendto",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_LONG,
                            INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            INT,
                            ValueLayout.ADDRESS,
                            INT));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(INT, INT));
    private static final MethodHandle CLOCK_GETTIME =
            handle("clock_gettime", FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS));

    private static final StructLayout ERRNO = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_VALUE =
            ERRNO.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle OPENAT =
            Linker.nativeLinker()
                    .downcallHandle(
                            Linker.nativeLinker().defaultLookup().findOrThrow("openat"),
                            FunctionDescriptor.of(INT, INT, ValueLayout.ADDRESS, INT, INT),
                            Linker.Option.firstVariadicArg(3),
                            Linker.Option.captureCallState("errno"));

    /// Stands for the directory of the process where a descriptor of one is expected.
    static final int WORKING_DIRECTORY = -100;

    private static final int F_GETFD = 1;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private static final int SCHED_BATCH = 3;

    /// What other systems do not have.
    private static final class Linux {
        private static final MethodHandle SCHED_SETSCHEDULER =
                handle(
                        "sched_setscheduler",
                        FunctionDescriptor.of(INT, INT, INT, ValueLayout.ADDRESS));
        private static final MethodHandle SETFSUID =
                handle("setfsuid", FunctionDescriptor.of(INT, INT));
        private static final MethodHandle SETFSGID =
                handle("setfsgid", FunctionDescriptor.of(INT, INT));
    }

    private Libc() {}

    private static MethodHandle handle(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /// Sets the mask, and returns the one before.
    static int umask(int mask) {
        try {
            return (int) UMASK.invokeExact(mask);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Has a thread of this process wait for its turn when it wakes up (sched(7)); says whether it
    /// succeeded.
    static boolean schedBatch(int thread) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment priority = arena.allocate(INT); // 0, as it must be
            return (int) Linux.SCHED_SETSCHEDULER.invokeExact(thread, SCHED_BATCH, priority) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int geteuid() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static int getegid() {
        try {
            return (int) GETEGID.invokeExact();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Says whether it succeeded.
    static boolean setuid(int uid) {
        try {
            return (int) SETUID.invokeExact(uid) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Says whether it succeeded.
    static boolean setgid(int gid) {
        try {
            return (int) SETGID.invokeExact(gid) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Says whether it succeeded.
    static boolean setgroups(List<Integer> gids) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment list =
                    arena.allocateFrom(INT, gids.stream().mapToInt(Integer::intValue).toArray());
            return (int) SETGROUPS.invokeExact((long) gids.size(), list) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Has the calling thread, and it alone, be another user to the file system from now on.
    static void setFileSystemUser(int uid, int gid) {
        try {
            int _ = (int) Linux.SETFSGID.invokeExact(gid);
            int _ = (int) Linux.SETFSUID.invokeExact(uid);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Has a descriptor end where another program begins; says whether it succeeded.
    static boolean closeOnExec(int descriptor) {
        try {
            return (int) FCNTL.invokeExact(descriptor, F_SETFD, FD_CLOEXEC) == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Whether a descriptor stands for anything.
    static boolean isOpen(int descriptor) {
        try {
            return (int) FCNTL.invokeExact(descriptor, F_GETFD, 0) >= 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Makes a socket; -1 when that is not possible.
    static int socket(int family, int type) {
        try {
            return (int) SOCKET.invokeExact(family, type, 0);
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
                            SENDTO.invokeExact(
                                    descriptor,
                                    data,
                                    (long) datagram.length,
                                    flags,
                                    to,
                                    address.length);
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
            MemorySegment state = arena.allocate(ERRNO);
            int result = (int) OPENAT.invokeExact(state, base, arena.allocateFrom(name), flags, 0);
            return result < 0 ? -(int) ERRNO_VALUE.get(state, 0L) : result;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    static void close(int descriptor) {
        try {
            int _ = (int) CLOSE.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Microseconds of a clock of the system's.
    static long microseconds(int clock) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2); // struct timespec
            int _ = (int) CLOCK_GETTIME.invokeExact(clock, time);
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
            int result = (int) IOCTL.invokeExact(descriptor, request, number);
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
            int result = (int) GETSOCKOPT.invokeExact(descriptor, level, name, octet, size);
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
            int result = (int) GETSOCKOPT.invokeExact(descriptor, level, name, number, size);
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
                            SETSOCKOPT.invokeExact(
                                    descriptor, level, name, number, (int) INT.byteSize())
                    == 0;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    /// Sets an environment variable, or removes it; Java itself goes on to see it as it was.
    static void setEnvironment(String name, @Nullable String value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment variable = arena.allocateFrom(name);
            int _ =
                    value == null
                            ? (int) UNSETENV.invokeExact(variable)
                            : (int) SETENV.invokeExact(variable, arena.allocateFrom(value), 1);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
