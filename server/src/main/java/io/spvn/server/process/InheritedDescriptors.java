package io.spvn.server.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BiConsumer;

/// The descriptors that the process was started with. Programs that the app starts get them as
/// well, but nothing that the server has opened: the JVM's jars, sockets and events, which it opens
/// without O_CLOEXEC. What Python opens is not inherited anyway.
public final class InheritedDescriptors {
    private static final System.Logger LOG = System.getLogger(InheritedDescriptors.class.getName());
    private static final Path OPEN = Path.of("/proc/self/fd");

    private final Set<Integer> numbers;

    private InheritedDescriptors(Set<Integer> numbers) {
        this.numbers = Set.copyOf(numbers);
    }

    /// What is open now but for the JVM's own files. To be called as the first thing in the
    /// process, since other things that Java opens cannot be told from inherited ones.
    public static InheritedDescriptors ofProcess() {
        Set<Integer> numbers = new HashSet<>();
        forEach(
                (number, file) -> {
                    if (!isOfTheJvm(file)) {
                        numbers.add(number);
                    }
                });
        return new InheritedDescriptors(numbers);
    }

    /// Also the directory that is being read.
    private static boolean isOfTheJvm(String file) {
        return file.endsWith(".jar")
                || file.startsWith(System.getProperty("java.home"))
                || file.equals("/proc/" + ProcessHandle.current().pid() + "/fd");
    }

    /// Keeps all that the process has opened from programs that the app starts; what it has
    /// inherited is passed on. To be called before there is an app.
    public void closeOthersOnExec() {
        openAllJars();
        forEach(
                (number, _) -> {
                    if (!numbers.contains(number)) {
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
