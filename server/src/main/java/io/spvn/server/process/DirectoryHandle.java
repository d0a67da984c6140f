package io.spvn.server.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/// A directory that is held for what is in it, which the right to enter it is enough for: it need
/// not be readable, as what Java itself opens must be. Whoever opened it closes it, from any
/// thread.
///
/// Of Linux, whose O_PATH it is, and whose `/proc` lets Java say what is below a descriptor.
public final class DirectoryHandle implements AutoCloseable {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final boolean SUPPORTED =
            System.getProperty("os.name").equals("Linux") && Files.isDirectory(DESCRIPTORS);

    private static final int O_CLOEXEC = 0x80000;
    private static final int O_PATH = 0x200000;

    /// Two orders of the same flags: that of ARM and POWER, and that of the rest.
    private static final boolean OTHER_FLAGS =
            System.getProperty("os.arch").matches("aarch64|arm.*|ppc.*");

    private static final int O_DIRECTORY = OTHER_FLAGS ? 0x4000 : 0x10000;
    private static final int O_NOFOLLOW = OTHER_FLAGS ? 0x8000 : 0x20000;

    private static final int ENOENT = 2;
    private static final int EACCES = 13;
    private static final int ENOTDIR = 20;

    private final int descriptor;

    private DirectoryHandle(int descriptor) {
        this.descriptor = descriptor;
    }

    /// Whether this system has them.
    public static boolean isSupported() {
        return SUPPORTED;
    }

    /// The directory of that name, to which links may lead.
    public static DirectoryHandle of(Path directory) throws IOException {
        return open(Libc.WORKING_DIRECTORY, directory, 0);
    }

    /// The directory of that name in this one; a link is none.
    public DirectoryHandle enter(Path name) throws IOException {
        return open(descriptor, name, O_NOFOLLOW);
    }

    private static DirectoryHandle open(int base, Path name, int more) throws IOException {
        int result = Libc.open(base, name.toString(), O_PATH | O_DIRECTORY | O_CLOEXEC | more);
        if (result < 0) {
            throw failure(-result, name.toString());
        }
        return new DirectoryHandle(result);
    }

    private static IOException failure(int number, String name) {
        return switch (number) {
            case ENOENT -> new NoSuchFileException(name);
            case EACCES -> new AccessDeniedException(name);
            case ENOTDIR -> new NotDirectoryException(name);
            default -> new FileSystemException(name, null, "not opened, error " + number);
        };
    }

    /// What Java finds what is in it by, while it is open.
    ///
    /// @param name in it
    public Path resolve(Path name) {
        return DESCRIPTORS.resolve(Integer.toString(descriptor)).resolve(name);
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
