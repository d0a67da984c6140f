package io.spvn.server.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// What tells a file, and its content, from another.
///
/// @param key of the file system
record FileFacts(long size, FileTime modified, @Nullable Object key) {
    /// Of the regular file of that name; null when there is none.
    ///
    /// @throws AccessDeniedException when a directory on the way may not be entered
    static @Nullable FileFacts look(Path path, LinkOption... options) throws AccessDeniedException {
        try {
            BasicFileAttributes found =
                    path.getFileSystem()
                            .provider()
                            .readAttributesIfExists(path, BasicFileAttributes.class, options);
            return found == null || !found.isRegularFile() ? null : of(found);
        } catch (AccessDeniedException denied) {
            throw denied;
        } catch (IOException unreachable) {
            return null;
        }
    }

    static FileFacts of(BasicFileAttributes attributes) {
        return new FileFacts(
                attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }
}
