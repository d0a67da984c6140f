package io.spvn.server.process;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/// Descriptors of the process that programs which the app starts must not inherit. A helper that
/// outlives the server would keep its port taken, and its clients waiting for the end.
///
/// The JVM opens sockets, jars and its own files without O_CLOEXEC, so the flag is set afterwards:
/// on each socket as soon as there is one, on the others once, before there is an app. What Python
/// opens is not inherited anyway.
public final class Descriptors {
    private static final System.Logger LOG = System.getLogger(Descriptors.class.getName());
    private static final Path OPEN = Path.of("/proc/self/fd");
    private static final MethodHandle NUMBER = number();

    private final Set<Integer> inherited;

    private Descriptors(Set<Integer> inherited) {
        this.inherited = Set.copyOf(inherited);
    }

    /// The JDK tells the number in an internal interface alone, which the launcher exports to us.
    private static MethodHandle number() {
        try {
            Class<?> selectable = Class.forName("sun.nio.ch.SelChImpl");
            return MethodHandles.lookup()
                    .findVirtual(selectable, "getFDVal", MethodType.methodType(int.class))
                    .asType(MethodType.methodType(int.class, Channel.class));
        } catch (ReflectiveOperationException hidden) {
            throw new LinkageError(
                    "start java with --add-exports java.base/sun.nio.ch=ALL-UNNAMED", hidden);
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

    /// What is open now but for the JVM's own files. To be called before a socket is opened: then
    /// that is what the process has inherited itself.
    public static Descriptors inherited() {
        Set<Integer> numbers = new HashSet<>();
        forEach(
                (number, file) -> {
                    if (!isOfTheJvm(file)) {
                        numbers.add(number);
                    }
                });
        return new Descriptors(numbers);
    }

    private static boolean isOfTheJvm(String file) {
        return file.endsWith(".jar") || file.startsWith(System.getProperty("java.home"));
    }

    /// Keeps all that the process has opened from programs that the app starts; what it has
    /// inherited is passed on. To be called before there is an app.
    public void closeOthersOnExec() {
        openAllJars();
        forEach(
                (number, _) -> {
                    if (!inherited.contains(number)) {
                        boolean _ = Libc.closeOnExec(number);
                    }
                });
    }

    /// A class path is opened as far as it was looked through, so something is asked for that is
    /// not in it.
    private static void openAllJars() {
        try {
            boolean _ = ClassLoader.getSystemResources("not/there").hasMoreElements();
        } catch (IOException unreadable) {
            LOG.log(System.Logger.Level.DEBUG, "class path not looked through", unreadable);
        }
    }

    /// Calls `action` with number and file of each open descriptor.
    private static void forEach(BiConsumer<Integer, String> action) {
        try (DirectoryStream<Path> open = Files.newDirectoryStream(OPEN)) {
            open.forEach(link -> visit(link, action));
        } catch (IOException | DirectoryIteratorException noSuchSystem) {
            LOG.log(System.Logger.Level.DEBUG, "descriptors not looked through", noSuchSystem);
        }
    }

    private static void visit(Path link, BiConsumer<Integer, String> action) {
        try {
            String file = Files.readSymbolicLink(link).toString();
            action.accept(Integer.valueOf(link.getFileName().toString()), file);
        } catch (IOException closedMeanwhile) {
            LOG.log(System.Logger.Level.TRACE, "descriptor not looked at", closedMeanwhile);
        }
    }
}
