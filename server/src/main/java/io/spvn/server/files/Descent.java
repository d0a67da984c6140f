package io.spvn.server.files;

import io.spvn.server.files.Folder.NotServed;
import io.spvn.server.http.ContentCoding;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The way down to a file, a directory at a time and each from the one above it, so that no
/// symbolic link is followed: what was a directory when the way was found and is a link now ends
/// it. Closed by whoever went it; what was opened stays open. Used by one thread.
final class Descent implements AutoCloseable {
    /// How many times a file is opened that is another one after that.
    private static final int TRIES = 3;

    private final SecureDirectoryStream<Path> parent;
    private final Path name;
    private @Nullable FileFacts facts;

    private Descent(SecureDirectoryStream<Path> parent, Path name) {
        this.parent = parent;
        this.name = name;
    }

    /// @param top a directory, to which links may lead
    /// @param real a path below it
    @SuppressWarnings("StreamResourceLeak") // the descent owns it
    static Descent to(Path top, Path real) throws IOException {
        Path way = top.relativize(real);
        SecureDirectoryStream<Path> parent = secure(Files.newDirectoryStream(top));
        for (Path each : way.getParent() == null ? Set.<Path>of() : way.getParent()) {
            try (SecureDirectoryStream<Path> above = parent) {
                parent = above.newDirectoryStream(each, LinkOption.NOFOLLOW_LINKS);
            }
        }
        return new Descent(parent, real.getFileName());
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> opened)
            throws IOException {
        if (opened instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        opened.close();
        throw new IOException("the system has no secure way into directories");
    }

    /// Opens the file.
    FileChannel open() throws IOException {
        return open(name);
    }

    /// Opens the file in a coding; null when it is not there after all.
    @Nullable FileChannel open(ContentCoding coding) throws IOException {
        try {
            return open(name.resolveSibling(name + coding.suffix()));
        } catch (NoSuchFileException | NotServed gone) {
            return null;
        }
    }

    /// What was opened.
    FileFacts facts() {
        if (facts == null) {
            throw new IllegalStateException("nothing was opened");
        }
        return facts;
    }

    /// What is known of the file belongs to what was opened: one that was replaced meanwhile is
    /// opened again.
    private FileChannel open(Path file) throws IOException {
        FileFacts before = look(file);
        for (int tries = 0; tries < TRIES; tries++) {
            FileChannel channel = channel(file);
            FileFacts after = look(file, channel);
            if (after.equals(before)) {
                facts = after;
                return channel;
            }
            channel.close();
            before = after;
        }
        throw new NotServed(file);
    }

    private FileFacts look(Path file, FileChannel opened) throws IOException {
        try {
            return look(file);
        } catch (IOException gone) {
            opened.close();
            throw gone;
        }
    }

    /// Only what is a file is opened: to open a pipe would wait for another end.
    private FileFacts look(Path file) throws IOException {
        BasicFileAttributes found =
                parent.getFileAttributeView(
                                file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                        .readAttributes();
        if (!found.isRegularFile()) {
            throw new NotServed(file);
        }
        return FileFacts.of(found);
    }

    private FileChannel channel(Path file) throws IOException {
        SeekableByteChannel opened =
                parent.newByteChannel(
                        file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        if (opened instanceof FileChannel channel) {
            return channel;
        }
        opened.close();
        throw new IOException("the system has no channels of files");
    }

    @Override
    public void close() throws IOException {
        parent.close();
    }
}
