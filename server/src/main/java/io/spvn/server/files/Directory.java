package io.spvn.server.files;

import io.spvn.server.process.DirectoryHandle;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;

/// A directory that is held open, whatever becomes of its name meanwhile. Of what is in it no link
/// is followed. Closed by whoever opened it.
sealed interface Directory extends AutoCloseable {
    /// The directory of that name.
    ///
    /// @param path to which links may lead
    static Directory of(Path path) throws IOException {
        return DirectoryHandle.isSupported()
                ? new Entered(DirectoryHandle.of(path))
                : Listed.of(path);
    }

    /// The directory of that name in it.
    Directory enter(Path name) throws IOException;

    /// What the system knows of the file of that name in it.
    BasicFileAttributes look(Path name) throws IOException;

    /// Opens the file of that name in it.
    FileChannel open(Path name) throws IOException;

    @Override
    void close() throws IOException;

    /// One that need not be readable.
    record Entered(DirectoryHandle handle) implements Directory {
        @Override
        public Directory enter(Path name) throws IOException {
            return new Entered(handle.enter(name));
        }

        @Override
        public BasicFileAttributes look(Path name) throws IOException {
            return Files.readAttributes(
                    handle.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public FileChannel open(Path name) throws IOException {
            return FileChannel.open(
                    handle.resolve(name), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        }

        @Override
        public void close() {
            handle.close();
        }
    }

    /// What Java itself has everywhere: one that has to be readable.
    record Listed(SecureDirectoryStream<Path> stream) implements Directory {
        @SuppressWarnings("StreamResourceLeak") // whoever closes this closes it
        static Listed of(Path path) throws IOException {
            DirectoryStream<Path> opened = Files.newDirectoryStream(path);
            if (opened instanceof SecureDirectoryStream<Path> secure) {
                return new Listed(secure);
            }
            opened.close();
            throw new IOException("the system has no secure way into directories");
        }

        @Override
        public Directory enter(Path name) throws IOException {
            return new Listed(stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
        }

        @Override
        public BasicFileAttributes look(Path name) throws IOException {
            return stream.getFileAttributeView(
                            name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        }

        @Override
        public FileChannel open(Path name) throws IOException {
            SeekableByteChannel opened =
                    stream.newByteChannel(
                            name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
            if (opened instanceof FileChannel channel) {
                return channel;
            }
            opened.close();
            throw new IOException("the system has no channels of files");
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }
    }
}
