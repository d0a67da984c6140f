import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// A step of the build: writes class files of the time before Java 6 in the format of Java 8, in
/// each jar of a folder that has some. Their code stays as it is and gets the stack maps (JVMS 4.7.4)
/// that the later format has.
///
/// A start takes neither classes nor what it has learned of their methods from an AOT cache when
/// they are of the old format, and verifies them by the slow way of that time.
///
///     java RenewClassFiles.java FOLDER
///
/// The manifest of a jar that was changed says so. A jar that needs nothing is left alone.
final class RenewClassFiles {
    private static final int FIRST_WITH_STACK_MAPS = ClassFile.JAVA_6_VERSION;
    private static final Attributes.Name CHANGED = new Attributes.Name("Changed-By-Spvn");

    private RenewClassFiles() {}

    public static void main(String[] arguments) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            if (hasOld(jar)) {
                renew(jar);
            }
        }
    }

    private static boolean hasOld(Path path) throws IOException {
        try (JarFile jar = new JarFile(path.toFile())) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (isClass(entry) && isOld(jar.getInputStream(entry).readNBytes(8))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isClass(JarEntry entry) {
        return entry.getName().endsWith(".class");
    }

    /// By the major version, which is in the bytes 6 and 7 (JVMS 4.1).
    private static boolean isOld(byte[] classFile) {
        return (classFile[6] << 8 | classFile[7] & 0xff) < FIRST_WITH_STACK_MAPS;
    }

    private static void renew(Path path) throws IOException {
        Path renewed = path.resolveSibling(path.getFileName() + ".renewed");
        URL[] there = {path.toUri().toURL()};
        try (JarFile jar = new JarFile(path.toFile());
                URLClassLoader loader = new URLClassLoader(there);
                OutputStream out = Files.newOutputStream(renewed);
                JarOutputStream written = new JarOutputStream(out, manifest(jar))) {
            ClassFile format = format(loader);
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.getName().equals(JarFile.MANIFEST_NAME)) {
                    continue;
                }
                byte[] content = jar.getInputStream(entry).readAllBytes();
                JarEntry same = new JarEntry(entry.getName());
                same.setTimeLocal(entry.getTimeLocal());
                written.putNextEntry(same);
                written.write(
                        isClass(entry) && isOld(content) ? renewed(format, content) : content);
                written.closeEntry();
            }
        }
        Files.move(renewed, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Manifest manifest(JarFile jar) throws IOException {
        Manifest manifest = new Manifest(jar.getManifest());
        manifest.getMainAttributes()
                .put(CHANGED, "class files older than Java 6 have the format of Java 8");
        return manifest;
    }

    private static ClassFile format(ClassLoader loader) {
        return ClassFile.of(
                ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(
                        ClassHierarchyResolver.ofResourceParsing(loader).cached()));
    }

    private static byte[] renewed(ClassFile format, byte[] content) {
        ClassModel old = format.parse(content);
        return format.transformClass(
                old,
                ClassTransform.endHandler(
                                builder -> builder.withVersion(ClassFile.JAVA_8_VERSION, 0))
                        .andThen(
                                ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)));
    }
}
