package io.spvn.server.files;

import io.spvn.server.files.Folder.NotServed;
import io.spvn.server.http.ContentCoding;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The way down to a file, a directory at a time and each from the one above it, so that no
/// symbolic link is followed: what was a directory when the way was found and is a link now ends
/// it. Closed by whoever went it; what was opened stays open. Used by one thread.
final class Descent implements AutoCloseable {
    /// How many times a file is opened that is another one after that.
    private static final int TRIES = 3;

    private final Directory parent;
    private final Path name;
    private @Nullable FileFacts facts;

    private Descent(Directory parent, Path name) {
        this.parent = parent;
        this.name = name;
    }

    /// @param top a directory, to which links may lead
    /// @param real a path below it
    static Descent to(Path top, Path real) throws IOException {
        Path way = top.relativize(real);
        Directory parent = Directory.of(top);
        for (Path each : way.getParent() == null ? Set.<Path>of() : way.getParent()) {
            try (Directory above = parent) {
                parent = above.enter(each);
            }
        }
        return new Descent(parent, real.getFileName());
    }

    /// Opens the file.
    FileChannel open() throws IOException {
        return open(name);
    }

    /// Opens the file in a coding; null when it is not there after all, or may not be read.
    @Nullable FileChannel open(ContentCoding coding) throws IOException {
        try {
            return open(name.resolveSibling(name + coding.suffix()));
        } catch (NoSuchFileException | AccessDeniedException | NotServed gone) {
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
            FileChannel channel = parent.open(file);
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
        BasicFileAttributes found = parent.look(file);
        if (!found.isRegularFile()) {
            throw new NotServed(file);
        }
        return FileFacts.of(found);
    }

    @Override
    public void close() throws IOException {
        parent.close();
    }
}
